using System.Globalization;
using System.Net;
using System.Text;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Storage;
using NanoBanana.Tests.Gemini;

namespace NanoBanana.Tests.Fuzz;

/// <summary>Readers of what comes over the wire, and of what says where the wire goes.</summary>
internal static class WireReaders
{
    public const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public const string AnswerText = $$$$"""
        {"candidates":[{"content":{"role":"model","parts":[{"text":"words","thought":true},{"text":"![x](data:image/png;base64,{{{{Png}}}})"},
         {"inlineData":{"mimeType":"image/png","data":"{{{{Png}}}}"},"thoughtSignature":"AAAA"},{"fileData":{"mimeType":"image/png","fileUri":"x"}}]},
         "finishReason":"STOP","finishMessage":"x","index":0,"groundingMetadata":{"webSearchQueries":["a"],"groundingChunks":[{"web":{"uri":"u","title":"t"}}],
         "searchEntryPoint":{"renderedContent":"<b>"},"imageSearchQueries":["b"]}}],"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"x"},
         "usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1120,"thoughtsTokenCount":3,"totalTokenCount":1128,
         "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1120},{"modality":"IMAGE","tokenCount":"1"}],"promptTokensDetails":[{"modality":"IMAGE","tokenCount":2}]},
         "modelVersion":"m","responseId":"r"}
        """;

    private const string Snake = $$$$"""
        [{"candidates":[{"content":{"parts":[{"inline_data":{"mime_type":"image/png","data":"{{{{Png}}}}"}}]},"finish_reason":"STOP"}]},{"usage_metadata":{}}]
        """;

    private const string InteractionText = $$$$"""
        {"id":"v1_x","status":"completed","model":"gemini-x","steps":[{"type":"dream","depth":3,"signature":"AAEC","scene":{"a":[1,2]}},
         {"type":"thought","signature":"AwQF","summary":[{"type":"text","text":"hm"}]},{"type":"model_output","content":[{"type":"text","text":"hi","weight":1.5},
         {"type":"image","mime_type":"image/png","data":"{{{{Png}}}}"}],"tail":true}],
         "usage":{"total_tokens":9,"output_tokens_by_modality":[{"modality":"image","tokens":1120}]},"error":{"code":"x","message":"m"}}
        """;

    private const string InteractionEvents = $$$$"""
        event: interaction.created
        data: {"event_type":"interaction.created","interaction":{"id":"v1_x","status":"in_progress"}}

        data: {"event_type":"step.start","index":0,"step":{"type":"model_output"}}

        data: {"event_type":"step.delta","index":0,"delta":{"type":"text","text":"hi"}}

        data: {"event_type":"step.delta","index":0,"delta":{"type":"image","mime_type":"image/png","data":"{{{{Png}}}}"}}

        data: {"event_type":"step.stop","index":0,"signature":"AwQF"}

        data: {"event_type":"interaction.completed","interaction":{"id":"v1_x","status":"completed","usage":{"total_tokens":"9"}}}

        event: done
        data: [DONE]


        """;

    private const string ErrorText = """
        {"error":{"code":429,"message":"Retry in 37.5s. limit: 0","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x","reason":"RATE_LIMIT_EXCEEDED",
         "retryDelay":"37s","violations":[{"quotaId":"PerDay","quotaValue":"0"}],"metadata":{"quota_limit":"x","raw":"{\"error\":{\"message\":\"in\"}}"}}]}}
        """;

    private const string JobText = """
        {"name":"batches/1","metadata":{"displayName":"d","model":"models/m","state":"BATCH_STATE_SUCCEEDED","createTime":"2026-01-01T00:00:00Z",
         "batchStats":{"requestCount":"2","successfulRequestCount":1,"failedRequestCount":1},"output":{"inlinedResponses":{"inlinedResponses":[{"metadata":{"key":"a"},
         "response":{"candidates":[]}}]}}},"done":true,"response":{"responsesFile":"files/x"},"error":{"code":5,"message":"m"}}
        """;

    private const string FileText = """
        {"file":{"name":"files/x","uri":"https://x/files/x","mimeType":"image/png","sizeBytes":"5","state":"ACTIVE","createTime":"2026-01-01T00:00:00Z",
         "expirationTime":"2026-01-03T00:00:00Z","sha256Hash":"x"},"models":[{"name":"models/m","inputTokenLimit":5,"supportedGenerationMethods":["x"]}],
         "operations":[{"name":"batches/1"}],"files":[{"name":"files/a"}],"nextPageToken":"t","name":"models/m"}
        """;

    private const string Html = "<html><head><title>502 Bad Gateway</title></head><script>x</script><body>no</body></html>";

    public static IEnumerable<FuzzReader> All =>
    [
        new("an answer", _ => FuzzBench.Texts(AnswerText, Snake, ErrorText), AnswerAsync),
        new("a stream of events", _ => FuzzBench.Texts(
            $": hello\nevent: x\ndata: {Line(AnswerText)}\n\ndata: {Line(Snake)}\r\n\r\ndata: [DONE]\n\n",
            $"data: {Line(AnswerText)[..200]}\ndata: {Line(AnswerText)[200..]}\n\n"), AnswerAsync),
        new("an interaction", _ => FuzzBench.Texts(InteractionText, ErrorText), InteractionAsync),
        new("an interaction as events", _ => FuzzBench.Texts(InteractionEvents), InteractionAsync),
        new("results of a job", _ => FuzzBench.Texts(
            $"{{\"key\":\"a\",\"response\":{Line(AnswerText)}}}\n{{\"metadata\":{{\"key\":\"b\"}},\"error\":{Line(ErrorText)}}}\n"),
            ResultsAsync),
        new("an error", _ => FuzzBench.Texts(ErrorText, Html, "plain words", "[" + ErrorText + "]"), Errors),
        new("what any call is answered", _ => FuzzBench.Texts(AnswerText, ErrorText, JobText, FileText, Html),
            CallAsync, 100),
        new("NB_HEADERS", _ => FuzzBench.Texts("""{"X-Key":"abcdefgh","Y":"Bearer x"}""", "A: b\nY: z"), (_, input) =>
            ConnectionHeaders.Parse(Encoding.UTF8.GetString(input))),
        new("an address", _ => FuzzBench.Texts("https://x.example/a/v1beta/models/m:generateContent?x=1#y", "http://localhost:8080",
            "http://[::1]/v1"), (_, input) => Addresses(Encoding.UTF8.GetString(input))),
        new("a picture in words", _ => FuzzBench.Texts(AnswerText, $"![x](data:image/png;base64,{Png}) and", Png),
            (_, input) =>
        {
            PictureFinder.InBody(input, BlobSink.Memory);
            PictureFinder.InWords(Encoding.UTF8.GetString(input), BlobSink.Memory);
        }),
    ];

    private static string Line(string text) => text.Replace("\n", "", StringComparison.Ordinal);

    private static async Task AnswerAsync(FuzzBench bench, byte[] input)
    {
        // Three bytes at a time now and then: a boundary may lie anywhere.
        int piece = input.Length % 7 == 0 ? 3 : int.MaxValue;
        BlobSink sink = BlobSink.Memory;
        using var body = new ChunkedStream(input, () => piece);
        Answer answer = await AnswerReader.ReadAsync(body, new Unkept(sink), CancellationToken.None);
        ImageReader.Read(bench.Request, answer, DateTimeOffset.UnixEpoch, BlobSink.Memory.AnswersFolder, 0.5m);
    }

    private static async Task InteractionAsync(FuzzBench bench, byte[] input)
    {
        int piece = input.Length % 7 == 0 ? 3 : int.MaxValue;
        using var body = new ChunkedStream(input, () => piece);
        InteractionResult result = await InteractionReader.ReadAsync(
            body, new Unkept(BlobSink.Memory), isFree: input.Length % 2 == 0, _ => { }, CancellationToken.None);
        if (result.Answer is not { } answer) return;
        ImageReader.Read(bench.Request, answer, DateTimeOffset.UnixEpoch, BlobSink.Memory.AnswersFolder, 0.5m);
    }

    private static async Task ResultsAsync(FuzzBench bench, byte[] input)
    {
        using var lines = new ChunkedStream(input, () => input.Length % 5 == 0 ? 7 : int.MaxValue);
        await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, BlobSink.Memory))
        {
            try
            {
                if (result.Answer is not { } answer) continue;
                ImageReader.Read(bench.Request, answer, DateTimeOffset.UnixEpoch, BlobSink.Memory.AnswersFolder, 0.5m);
            }
            catch (NbException)
            {
            }
        }
    }

    private static void Errors(FuzzBench bench, byte[] input)
    {
        foreach (int status in (int[])[400, 401, 403, 404, 408, 429, 500, 503, 504])
        {
            NbException error = ServiceErrors.From(ServiceError.Parse(input, status));
            Assert.DoesNotContain(error.Message + error.Advice, c => char.IsControl(c) && c is not ('\n' or '\t'));
        }
    }

    private static async Task CallAsync(FuzzBench bench, byte[] input)
    {
        int status = (input.Length % 4) switch { 0 => 429, 1 => 503, _ => 200 };
        using var handler = new Always(input, status);
        using var client = new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("k"),
            new GeminiClientOptions { MaximumRetryCount = 0, ObserveBody = _ => { } }, handler);
        using var service = new ImageService(client, ModelCatalog.BuiltIn);
        (Func<Task> Call, string Name)[] calls =
        [
            (() => service.SendAsync(bench.Request, new Unkept(BlobSink.Memory)), "generate"),
            (() => client.GetModelAsync("m"), "model"), (() => client.GetBatchAsync("batches/1"), "job"),
            (() => client.CreateBatchAsync("m", "files/x", "d"), "new job"),
            (() => client.GetFileAsync("files/x"), "file"), (() => client.DeleteFileAsync("files/x"), "delete"),
            (async () => await client.ListModelsAsync().CountAsync(), "models"),
            (async () => await client.ListFilesAsync().CountAsync(), "files"),
            (async () => await client.ListBatchesAsync().CountAsync(), "jobs"),
            (() => client.UploadAsync(Blob.FromBytes(new byte[5]), "image/png"), "upload"),
        ];
        foreach ((Func<Task> call, _) in calls)
        {
            try
            {
                await call();
            }
            catch (NbException)
            {
            }
        }
    }

    private static void Addresses(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            try
            {
                _ = $"{GeminiEndpoint.ForGemini(uri, null).Method("m", "x")}";
            }
            catch (NbException)
            {
            }
        }
        string[] words = text.Split('/');
        GeminiEndpoint.ForVertex(words[0], words[^1], null, words[words.Length / 2]);
    }

    private static async Task<int> CountAsync<T>(this IAsyncEnumerable<T> all)
    {
        int count = 0;
        await foreach (T _ in all) Assert.True(count++ < 100_000, "The pages do not come to an end.");
        return count;
    }

    /// <summary>Answers alike, whatever is asked.</summary>
    private sealed class Always(byte[] body, int status) : HttpMessageHandler
    {
        private int _calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            // By count, not by time: an uploader or a reader of pages that goes on for ever.
            if (++_calls > 2000) throw new InvalidOperationException("The calls do not come to an end.");
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
            // What would be headers of an upload, or a wait, made of the same bytes.
            string word = Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(20, body.Length)));
            foreach (string name in (string[])["X-Goog-Upload-URL", "X-Goog-Upload-Status", "X-Goog-Upload-Size-Received",
                "X-Goog-Upload-Chunk-Granularity", "Retry-After", "Location"])
            {
                string value = body.Length % 3 == 0 ? word : name switch
                {
                    "X-Goog-Upload-URL" => "https://generativelanguage.googleapis.com/upload/x",
                    "X-Goog-Upload-Status" => body.Length % 2 == 0 ? "active" : "final",
                    _ => string.Create(CultureInfo.InvariantCulture, $"{body.Length}"),
                };
                response.Headers.TryAddWithoutValidation(name, value);
            }
            return Task.FromResult(response);
        }
    }

    /// <summary>Keeps bytes in memory, and answers that nobody understands nowhere.</summary>
    private sealed class Unkept(BlobSink inner) : BlobSink
    {
        internal override BlobWriter Create() => inner.Create();

        // No folder can be made there.
        internal override string AnswersFolder => "/dev/null/answers";
    }
}
