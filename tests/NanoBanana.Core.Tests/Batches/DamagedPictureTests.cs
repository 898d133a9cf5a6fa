using NanoBanana.Batches;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Tests.Batches;

/// <summary>Pictures that were paid for and are not whole any more, and names that are hard to save.</summary>
public sealed class DamagedPictureTests
{
    private static readonly string Json = EmulatorFixture.Many(2);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(-1)]
    [InlineData(-30)]
    public async Task A_picture_shorter_than_its_record_is_not_bought_again_without_consent(int length)
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Json);
        string path = Path.Combine(fixture.Destination, "item-1.jpg");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? whole[..^-length] : whole[..length]);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(null);
        Assert.Equal((2, 1, 1), (fixture.Billed, summary.Uncertain, summary.UpToDate));
        NbException error = items.Single(item => item.Name == "item-1").Error!;
        Assert.Equal(("Nb.Batch.PictureDamaged", true), (error.ErrorId, error.IsUncertain));
        // Restored, it is as before.
        File.WriteAllBytes(path, whole);
        Assert.Equal(2, (await fixture.RunAsync(null)).Summary.UpToDate);
        File.WriteAllBytes(path, []);
        (summary, _) = await fixture.RunAsync(null, new BatchOptions { ResendUncertain = true });
        Assert.Equal((3, 1), (fixture.Billed, summary.Made));
    }

    [Fact]
    public async Task Zero_blocks_count_as_damage()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Json);
        string path = Path.Combine(fixture.Destination, "item-1.jpg");
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2).Clear();
        File.WriteAllBytes(path, bytes);
        Assert.Equal(1, (await fixture.RunAsync(null)).Summary.Uncertain);
    }

    [Fact]
    public async Task A_deleted_picture_is_made_again()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Json);
        File.Delete(Path.Combine(fixture.Destination, "item-1.jpg"));
        Assert.Equal(1, (await fixture.RunAsync(null)).Summary.Made);
    }

    [Theory]
    [InlineData("狐", 100)]
    [InlineData("🦊", 100)]
    [InlineData("é", 200)]
    [InlineData("x", 200)]
    public async Task A_long_name_in_any_script_is_saved(string character, int count)
    {
        using var fixture = new EmulatorFixture();
        string name = string.Concat(Enumerable.Repeat(character, count));
        string json =
            $$"""{"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[{"name":"{{name}}","prompt":"one"},{"name":"{{name[..^character.Length]}}","prompt":"two"}]}""";
        Assert.True((await fixture.RunAsync(json)).Summary.IsComplete);
        Assert.Equal(2, (await fixture.RunAsync(json)).Summary.UpToDate);
        Assert.Equal(2, Directory.GetFiles(fixture.Destination, "*.jpg").Length);
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"prompt\":\"p\",\"outFile\":\"é\"},{\"name\":\"b\",\"prompt\":\"q\",\"outFile\":\"e\\u0301.png\"}",
        "Nb.Manifest.SameFile")]
    [InlineData("{\"name\":\"é\",\"prompt\":\"p\"},{\"name\":\"e\\u0301\",\"prompt\":\"q\"}", "Nb.Manifest.SameFile")]
    [InlineData("{\"name\":\"a\",\"prompt\":\"p\",\"seed\":1e400}", "Nb.Manifest.WrongType")]
    [InlineData("{\"name\":\"a\",\"prompt\":\"p\",\"references\":[\"a\\u0000b.png\"]}", "Nb.Manifest.WrongType")]
    [InlineData("{\"name\":\"a\",\"from\":\"a\\u0000b.png\",\"edit\":\"p\"}", "Nb.Manifest.WrongType")]
    public void An_invalid_manifest_is_refused_with_its_error_id(string items, string id)
    {
        using var fixture = new EmulatorFixture();
        NbException e = Assert.Throws<NbException>(() => fixture.Manifest($"{{\"items\":[{items}]}}"));
        Assert.Contains(id, Ids(e));
    }

    private static IEnumerable<string> Ids(NbException e) => (e.InnerException as AggregateException)?.InnerExceptions
        .OfType<NbException>().Select(inner => inner.ErrorId).Append(e.ErrorId) ?? [e.ErrorId];
}
