namespace NanoBanana.Tests.Conformance;

/// <summary>For every use, our client and Google's own SDK send the same requests: recorded at one emulator, compared
/// as JSON.</summary>
public sealed class SameBodiesTests(SdkRecording recording) : IClassFixture<SdkRecording>
{
    public static TheoryData<string> Uses()
    {
        using var uses = new OurUses(new Uri("http://127.0.0.1:9"));
        return [.. uses.ByName.Keys];
    }

    [SdkTheory]
    [MemberData(nameof(Uses))]
    public async Task Our_requests_equal_those_of_the_sdk(string use)
    {
        using var uses = new OurUses(recording.BaseUri);

        IReadOnlyList<SentRequest> ours = await recording.RecordAsync(uses.ByName[use]);

        IReadOnlyList<SentRequest> theirs = recording.OfSdk(use);
        Assert.NotEmpty(ours);
        Assert.Equal(theirs.Select(request => request.Line), ours.Select(request => request.Line));
        Assert.All(theirs.Zip(ours), pair => Assert.True(
            pair.First.IsEqual(pair.Second), $"The SDK sends\n{pair.First}\nwe send\n{pair.Second}"));
    }

    [SdkTheory]
    [InlineData(26)]
    public void Every_request_of_the_sdk_has_a_counterpart_here(int count)
    {
        using var uses = new OurUses(recording.BaseUri);

        Assert.Equal(recording.Uses.Order(), uses.ByName.Keys.Order());
        Assert.Equal(count, uses.ByName.Count);
    }
}
