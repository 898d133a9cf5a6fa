using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

public sealed class BatchResultReaderTests
{
    [Fact]
    public async Task Answers_and_errors_are_read_line_by_line()
    {
        List<BatchResult> results = await Read(
            """
            {"key":"a","response":{"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"data":"AQID"}}]}}]}}

            {"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"},"key":"b"}
            {"response":{"candidates":[]},"new":{"x":[1,2]},"key":"c","error":null}
            """);
        Assert.Equal(["a", "b", "c"], results.Select(result => result.Key));
        Assert.Equal([0, 1, 2], results.Select(result => result.Index));
        Assert.Equal(3, Assert.IsType<ImagePart>(results[0].Answer!.Candidates[0].Content!.Parts[0]).Data.Length);
        Assert.Equal(("Nb.Service.Unavailable", true), (results[1].Error!.ErrorId, results[1].Error!.IsRetryable));
        Assert.NotNull(results[2].Answer);
    }

    [Theory]
    [InlineData("{\"key\":\"bad\",\"response\":{\"candidates\":[", "bad", "Nb.Answer.Malformed")]
    [InlineData("{\"key\":\"bad\",\"response\":{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"AQ",
        "bad", "Nb.Answer.Malformed")]
    [InlineData("{\"key\":\"bad\"}", "bad", "Nb.Answer.Malformed")]
    [InlineData("{\"key\":\"bad\",}", "bad", "Nb.Answer.Malformed")]
    [InlineData("}{", null, "Nb.Answer.NotJson")]
    [InlineData("[]", null, "Nb.Answer.NotJson")]
    public async Task A_broken_line_gives_its_own_error_and_reading_continues(string line, string? key, string errorId)
    {
        List<BatchResult> results =
            await Read("{\"key\":\"1\",\"response\":{\"candidates\":[{\"finishReason\":\"NO_IMAGE\"}]}}\r\n" + line + "\r\n{\"key\":\"3\",\"response\":{\"candidates\":[{\"finishReason\":\"NO_IMAGE\"}]}}");
        Assert.Equal(["1", key, "3"], results.Select(result => result.Key));
        Assert.Equal(errorId, results[1].Error!.ErrorId);
        Assert.Null(results[1].Answer);
        Assert.NotNull(results[2].Answer);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"data":"!!"}}]}}]}""")]
    public async Task A_line_without_a_picture_text_or_reason_is_unreadable(string response)
    {
        BatchResult result = Assert.Single(await Read($$"""{"key":"1","response":{{response}}}"""));
        Assert.True(result.IsUnreadable);
    }

    [Fact]
    public async Task A_truncated_last_line_gives_its_own_error()
    {
        List<BatchResult> results = await Read("{\"key\":\"1\",\"response\":{\"candidates\":[{\"finishReason\":\"NO_IMAGE\"}]}}\n{\"key\":\"2\",\"resp");
        Assert.NotNull(results[0].Answer);
        Assert.Equal(("2", "Nb.Answer.Truncated"), (results[1].Key, results[1].Error!.ErrorId));
    }

    [Fact]
    public async Task A_broken_stream_is_not_an_error_of_any_item()
    {
        var stream = new ChunkedStream(Encoding.UTF8.GetBytes("{\"key\":\"1\",\"response\":{\"candidates\":[{\"finishReason\":\"NO_IMAGE\"}]}}\n{\"key\":"), () =>
            9, new IOException("reset"));
        var seen = new List<string?>();
        NbException e = await Assert.ThrowsAsync<NbException>(async () =>
        {
            await foreach (BatchResult result in BatchResultReader.ReadAsync(stream, BlobSink.Memory)) seen.Add(
                result.Key);
        });
        Assert.Equal("Nb.Service.DownloadBroken", e.ErrorId);
        Assert.Equal(["1"], seen);
    }

    [Fact]
    public void Any_results_in_any_pieces_are_read_as_written() => Properties.ForSeeds(
        random =>
        {
            var file = new MemoryStream();
            var keys = new List<string>();
            for (int i = random.Next(6); i >= 0; i--)
            {
                string answer = Encoding.UTF8.GetString(new AnswerScript(random).Bytes).Trim('\uFEFF')
                    .ReplaceLineEndings(" ");
                keys.Add($"k{i}");
                string line = random.Next(2) == 0
                    ? $"{{\"key\":\"k{i}\",\"response\":{answer}}}"
                    : $"{{\"response\":{answer},\"key\":\"k{i}\"}}";
                file.Write(Encoding.UTF8.GetBytes(line
                    + random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\n\n" }));
            }
            var results = new List<BatchResult>();
            var sink = new TrackingSink();
            Task reading = Task.Run(async () =>
            {
                var stream = new ChunkedStream(file.ToArray(), Properties.Sizes(random));
                await foreach (BatchResult result in BatchResultReader.ReadAsync(stream, sink)) results.Add(result);
            });
            reading.GetAwaiter().GetResult();
            Assert.Equal(keys, results.Select(result => result.Key));
            Assert.All(results, result => Assert.Equal("gemini-x", result.Answer!.ModelVersion));
            Assert.Equal(0, sink.Open);
        },
        runs: 100);

    private static async Task<List<BatchResult>> Read(string lines)
    {
        var results = new List<BatchResult>();
        var stream = new ChunkedStream(Encoding.UTF8.GetBytes(lines), () => 7);
        await foreach (BatchResult result in BatchResultReader.ReadAsync(stream, BlobSink.Memory)) results.Add(result);
        return results;
    }
}
