using System.Net;
using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

/// <summary>Answers that break off: a picture that had arrived whole is the answer, and nothing that arrived is let
/// go.</summary>
public sealed class CutAnswerTests
{
    private static readonly byte[] Picture =
        [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 60_000).Select(i => (byte)(i * 7 | 0x80)), 0xFF, 0xD9];

    private static readonly string Data = Convert.ToBase64String(Picture);
    private static readonly string Image =
        $$$"""{"inlineData":{"mimeType":"image/jpeg","data":"{{{Data}}}"},"thoughtSignature":"c2ln"}""";

    private static readonly GenerateCall Call =
        new() { Model = "gemini-x", Contents = [new Turn("user", [new TextPart("a fox")])] };

    // A sign marks where each ends.
    public static TheoryData<string> Cuts() =>
    [
        """{"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"data":"DATA"¤,"mimeType":"image/jpeg"}""",
        """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/jpeg","data":"DATA¤"}}]}}]}""",
        """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/jpeg","data":"DATA"},"thoughtSi¤gn""",
        """{"candidates":[{"content":{"parts":[{"text":"Here."},IMAGE¤]},"finishReason":"STOP"}]}""",
        """{"candidates":[{"content":{"parts":[IMAGE,{"text":"And ano¤ther."}]}}]}""",
        """{"candidates":[{"content":{"parts":[IMAGE,{"inlineData":{"mimeType":"image/png","data":"iVBO¤Rw0K"}}]}}]}""",
        """{"candidates":[{"content":{"parts":[IMAGE]},"finishReason":"STOP"}],"usageMetadata":{"prompt¤TokenCount":7}}""",
        """{"candidates":[{"content":{"parts":[{"text":"x"}]}},{"index":1,"content":{"parts":[IMAGE¤]}}]}""",
        """[{"candidates":[{"content":{"parts":[IMAGE]}}]},¤{"candidates":[]}]""",
        "data: {\"candidates\":[{\"content\":{\"parts\":[IMAGE]}}]}\n\ndata: {\"usage¤Metadata\":{}}\n\n",
        """{"candidates":[{"content":{"parts":[{"text":"![x](data:image/jpeg;base64,DATA)"¤}]}}]}""",
        """{"data":[{"b64_json":"DATA"}],"us¤age":{}}""",
        """{"candidates":[{"content":{"parts":[IMAGE]},"finishReason":<html>502</html>¤""",
        """{"candidates":[{"content":{"parts":[IMAGE}}]}¤""",
        """{"candidates":[{"content":{"parts":[IMAGE,{"inlineData":{"data":x}}]}}]}¤""",
    ];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_complete_picture_is_the_answer_however_the_rest_was_lost(string body)
    {
        string beginning = With(body[..body.IndexOf('¤', StringComparison.Ordinal)]);
        using var ended = new ScriptedHandler(Json(beginning));
        using var reset = new ScriptedHandler(Broken(beginning));
        foreach (ScriptedHandler handler in new[] { ended, reset })
        {
            Answer answer = await Free.Client(handler).GenerateAsync(Call, BlobSink.Memory);
            Assert.Equal(Picture, Assert.Single(Images(answer)).Data.ToArray());
            Assert.Contains(answer.Warnings, warning => warning.Contains("not be read to its end"));
            Assert.Single(handler.Requests);
        }
    }

    [Fact]
    public async Task A_picture_signed_before_the_break_can_be_edited()
    {
        using var handler = new ScriptedHandler(Json(With(
            """{"candidates":[{"content":{"parts":[{"text":"Here."},IMAGE]""")));
        Answer answer = await Free.Client(handler).GenerateAsync(Call, BlobSink.Memory);
        Turn turn = Assert.Single(answer.Candidates).Content!;
        Assert.Equal(["Here."], turn.Parts.OfType<TextPart>().Select(part => part.Text));
        Assert.Equal("sig"u8.ToArray(), turn.Parts[1].Signature!.ToArray());
    }

    [Fact]
    public async Task An_incomplete_picture_is_saved_with_the_text_before_it_and_the_error_names_the_file()
    {
        using var folder = new TemporaryFolder();
        string begun = Data[..60_000];
        using var handler = new ScriptedHandler(Broken(
            $$$"""{"candidates":[{"content":{"parts":[{"text":"A verse."},{"inlineData":{"data":"{{{begun}}}"""));
        NbException e = await Assert.ThrowsAsync<NbException>(() => Free.Client(handler)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.Equal(("Nb.Answer.Truncated", true), (e.ErrorId, e.IsUncertain));
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers")));
        Assert.Contains($"What had arrived is kept in {kept}", e.Message);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "tmp")));
        string text = await File.ReadAllTextAsync(kept);
        Assert.Contains("A verse.", text);
        Assert.Contains(begun, text);
        using FileStream stream = File.OpenRead(kept);
        Answer read = await AnswerReader.ReadAsync(stream, BlobSink.Memory, default);
        ImagePart image = Assert.Single(read.Candidates[0].Content!.Parts.OfType<ImagePart>());
        Assert.Equal(Picture[..45_000], image.Data.ToArray());
    }

    [Theory]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"A verse"}]}}],"usage""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"A verse""")]
    [InlineData("<html><body>A verse")]
    [InlineData("""{"A verse":[""")]
    public async Task An_incomplete_answer_without_a_picture_is_saved_too(string beginning)
    {
        using var folder = new TemporaryFolder();
        using var handler = new ScriptedHandler(Broken(beginning));
        NbException e = await Assert.ThrowsAsync<NbException>(() => Free.Client(handler)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.True(e.IsUncertain);
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers")));
        Assert.Contains(kept, e.Message);
        Assert.Equal(beginning, await File.ReadAllTextAsync(kept));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timeout_or_a_cancellation_does_not_lose_a_complete_picture(bool isTimeout)
    {
        using var stop = new CancellationTokenSource();
        var time = new FakeTime(TimeSpan.FromSeconds(300));
        using var handler = new ScriptedHandler(Stuck(
            With("""{"candidates":[{"content":{"parts":[IMAGE"""), isTimeout ? time.FireTimeouts : stop.Cancel));
        Answer answer = await Free.Client(handler, time).GenerateAsync(Call, BlobSink.Memory, stop.Token);
        Assert.IsType<ImagePart>(Assert.Single(Assert.Single(answer.Candidates).Content!.Parts));
    }

    [Fact]
    public async Task A_timeout_names_the_file_with_the_part_received()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTime(TimeSpan.FromSeconds(300));
        using var handler = new ScriptedHandler(Stuck(
            """{"candidates":[{"content":{"parts":[{"text":"A verse"}""", time.FireTimeouts));
        NbException e = await Assert.ThrowsAsync<NbException>(() => Free.Client(handler, time)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.Equal(("Nb.Service.TimedOut", true), (e.ErrorId, e.IsUncertain));
        Assert.Contains(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers"))), e.Message);
    }

    [Fact]
    public async Task The_beginning_of_a_second_picture_is_saved_beside_the_first()
    {
        using var folder = new TemporaryFolder();
        using var handler = new ScriptedHandler(Broken(With(
            $$$"""{"candidates":[{"content":{"parts":[IMAGE,{"inlineData":{"data":"{{{Data[..60_000]}}}""")));
        Answer answer = await Free.Client(handler).GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path)));
        Assert.Single(Images(answer));
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers")));
        Assert.Contains(answer.Warnings, warning => warning.Contains(kept, StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "tmp"), "*"), path => path.Length > 0);
    }

    [Fact]
    public async Task An_incomplete_draft_is_not_a_result()
    {
        using var folder = new TemporaryFolder();
        using var handler = new ScriptedHandler(Broken(With(
            """{"candidates":[{"content":{"parts":[{"thought":true,"inlineData":{"data":"DATA""")));
        NbException e = await Assert.ThrowsAsync<NbException>(() => Free.Client(handler)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.Contains(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers"))), e.Message);
    }

    [Fact]
    public async Task A_picture_with_missing_pieces_is_not_a_result()
    {
        using var folder = new TemporaryFolder();
        string delta = $$$"""{"event_type":"step.delta","index":0,"delta":{"type":"image","data":"{{{Data[..60_000]}}}"}}""";
        using var handler = new ScriptedHandler(Broken($"data: {delta}\n\ndata: {{\"event_t"));
        using GeminiClient client = Interactions(handler, isKept: false);
        NbException e = await Assert.ThrowsAsync<NbException>(() =>
            client.GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.Contains(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, ".nb", "answers"))), e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_keep_alive_blanks_is_an_uncertain_truncated_answer(bool isBroken)
    {
        string blanks = new('\n', 100);
        using var handler = new ScriptedHandler(isBroken ? Broken(blanks) : Json(blanks));
        NbException e = await Assert.ThrowsAsync<NbException>(() => Free.Client(handler)
            .GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Answer.Truncated", true), (e.ErrorId, e.IsUncertain));
    }

    [Fact]
    public async Task An_empty_answer_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        using var handler = new ScriptedHandler(Broken(""));
        await Assert.ThrowsAsync<NbException>(() => Free.Client(handler)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, ".nb", "answers")));
    }

    // Events of an interaction that is kept, and of one that is not.
    [Theory]
    [InlineData("""{"event_type":"step.delta","index":0,"delta":{"type":"image","data":"DATA"}}""" + "\n\n")]
    [InlineData("""{"event_type":"step.delta","index":0,"delta":{"type":"image","data":"DATA""")]
    [InlineData("""{"interaction":{"steps":[{"type":"model_output","content":[{"type":"image","data":"DATA"},{"ty""")]
    public async Task With_the_Interactions_API_a_cut_answer_is_fetched_or_else_used_as_received(string last)
    {
        const string Created = """data: {"event_type":"interaction.created","interaction":{"id":"v1_a"}}""" + "\n\n";
        Func<Asked, CancellationToken, Task<HttpResponseMessage>> broken = Broken(With($"{Created}data: {last}"));
        foreach (bool isKept in new[] { true, false })
        {
            using var handler = new ScriptedHandler(broken,
                Json("""{"error":{"code":404,"message":"not found","status":"NOT_FOUND"}}""", 404));
            using GeminiClient client = Interactions(handler, isKept);
            Answer answer = await client.GenerateAsync(Call, BlobSink.Memory);
            Assert.Equal(Picture, Assert.Single(Images(answer)).Data.ToArray());
            Assert.Contains(answer.Warnings, warning => warning.Contains("not be read to its end"));
            Assert.Equal(isKept ? ["POST", "GET"] : ["POST"], handler.Requests.Select(asked => asked.Method));
        }
    }

    private static GeminiClient Interactions(HttpMessageHandler handler, bool isKept) => new(
        GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("k"), new GeminiClientOptions
        {
            Api = ModelApi.Interactions, NoStore = !isKept, MaximumRetryCount = 0,
            TimeProvider = new FakeTime(TimeSpan.FromSeconds(300)),
        }, handler);

    private static IEnumerable<ImagePart> Images(Answer answer) =>
        answer.Candidates.SelectMany(one => one.Content!.Parts).OfType<ImagePart>();

    private static string With(string body) => body.Replace("IMAGE", Image, StringComparison.Ordinal)
        .Replace("DATA", Data, StringComparison.Ordinal);

    // The beginning of an answer, and then nothing until somebody gives up.
    private static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Stuck(string beginning, Action isStuck) =>
        (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(new StuckStream(Encoding.UTF8.GetBytes(beginning), isStuck)),
        });

    private sealed class StuckStream(byte[] beginning, Action isStuck) : MemoryStream(beginning)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token = default)
        {
            int read = await base.ReadAsync(buffer, token);
            if (read > 0) return read;
            isStuck();
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }
    }
}
