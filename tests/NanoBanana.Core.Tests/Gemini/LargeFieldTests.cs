using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>A field that nobody knows is kept, whatever its length, and does not cost many times its bytes.</summary>
public sealed class LargeFieldTests
{
    private const int Length = 24 * 1024 * 1024;

    [Theory]
    [InlineData("\"VALUE\"")]
    [InlineData("{\"deep\":[{\"text\":\"VALUE\"}],\"more\":1}")]
    public async Task A_large_unknown_field_is_kept_and_is_not_copied_over_and_over(string form)
    {
        string value = form.Replace("VALUE", new string('v', Length), StringComparison.Ordinal);
        byte[] body = Encoding.UTF8.GetBytes("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["
            + $"{{\"text\":\"hi\",\"future\":{value},\"thought\":true}},{{\"text\":\"end\"}}]}}}}]}}");
        using var stream = new MemoryStream(body);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Answer answer = await AnswerReader.ReadAsync(stream, BlobSink.Memory, CancellationToken.None);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Part part = answer.Candidates[0].Content!.Parts[0];
        Assert.True(part.Thought);
        Assert.Equal(value.Length, part.Unknown.Find("future")!.Value.GetRawText().Length);
        Assert.Equal("end", ((TextPart)answer.Candidates[0].Content!.Parts[1]).Text);
        // Once in pieces, once in the element and its table; doubling buffers took eight times.
        Assert.True(allocated < 4L * Length, $"{allocated / (1024 * 1024)} MB for {Length / (1024 * 1024)} MB");
    }

    [Theory]
    [InlineData("\"a \\\" b\\\\\"")]
    [InlineData("{\"a\":\"\\u00e9\",\"b\":[\"x\",{\"c\":\"\"}]}")]
    [InlineData("\"\"")]
    public async Task An_unknown_field_is_kept_as_it_came_at_every_chunking(string value)
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["
            + $"{{\"future\":{value},\"text\":\"hi\"}}]}}}}]}}");
        for (int size = 1; size < 40; size++)
        {
            using var stream = new ChunkedStream(body, () => size);
            Answer answer = await AnswerReader.ReadAsync(stream, BlobSink.Memory, CancellationToken.None);
            Part part = answer.Candidates[0].Content!.Parts[0];
            Assert.Equal(value, part.Unknown.Find("future")!.Value.GetRawText());
            Assert.Equal("hi", ((TextPart)part).Text);
        }
    }

    [Fact]
    public async Task A_string_with_a_broken_escape_is_malformed()
    {
        using var stream = new MemoryStream("{\"candidates\":[{\"content\":{\"parts\":[{\"future\":\"\\q\"}]}}]}"u8
            .ToArray());
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => AnswerReader.ReadAsync(stream, BlobSink.Memory, CancellationToken.None));
        Assert.Equal(NbErrorKind.ParserError, e.Kind);
    }
}
