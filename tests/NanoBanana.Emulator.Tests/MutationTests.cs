using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Faults;
using NanoBanana.Tests.Shared.Fuzz;

namespace NanoBanana.Emulator.Tests;

/// <summary>Every reader of requests, given what no client ever sent: the answer is the service's, and there is
/// one.</summary>
public sealed class MutationTests : IDisposable
{
    private const string Generate = """
        {"contents":[{"role":"user","parts":[{"text":"[[TEXT_ONLY]]"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},
            {"fileData":{"mimeType":"image/png","fileUri":"files/x"}}]},{"role":"model","parts":[{"text":"x","thoughtSignature":"AAAA"}]}],
         "systemInstruction":{"parts":[{"text":"x"}]},"tools":[{"googleSearch":{"searchTypes":{"webSearch":{}}}}],
         "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}],"store":false,"serviceTier":"flex",
         "generationConfig":{"responseModalities":["TEXT"],"seed":1,"candidateCount":1,"imageConfig":{"aspectRatio":"1:1","imageSize":"1K"},
            "responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"x":{"type":"INTEGER"}}},
            "thinkingConfig":{"thinkingLevel":"high","includeThoughts":true}}}
        """;

    private const string Interaction = """
        {"model":"gemini-nano-banana-2.1","input":[{"type":"user_input","content":[{"type":"text","text":"[[TEXT_ONLY]]"},
         {"type":"image","mime_type":"image/png","data":"AAAA"}]}],"previous_interaction_id":"x","store":true,"stream":false,"background":false,
         "response_modalities":["image","text"],"generation_config":{"thinking_level":"high","seed":1},"response_format":{"type":"image","aspect_ratio":"1:1"}}
        """;

    private const string Job =
        """{"batch":{"displayName":"x","inputConfig":{"requests":{"requests":[{"request":{"contents":[{"parts":[{"text":"[[TEXT_ONLY]]"}]}]},"metadata":{"key":"a"}}]}}}}""";

    private const string Lines = """
        {"key":"a","request":{"contents":[{"parts":[{"text":"[[TEXT_ONLY]]"}]}]}}
        {"key":"b","request":{"contents":[{"parts":[{"text":"[[TEXT_ONLY]]"}]}]}}
        """;

    private const string Upload = """{"file":{"displayName":"x","mimeType":"image/png","sizeBytes":"5"}}""";

    private const string Faults = """
        {"seed":7,"faults":[{"fault":"rate-limit","nth":[1,3],"retryDelay":"2s"},{"fault":"gateway","probability":0.5,"model":"m","prompt":"x"}]}
        """;

    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("v1beta/models/gemini-nano-banana-2.1:generateContent", Generate, 250)]
    [InlineData("v1beta/models/gemini-2.5-flash-image:streamGenerateContent?alt=sse", Generate, 150)]
    [InlineData("v1/models/gemini-nano-banana-2.1:countTokens", Generate, 150)]
    [InlineData("v1beta/models/gemini-nano-banana-2.1:batchGenerateContent", Job, 150)]
    [InlineData("v1beta/interactions", Interaction, 250)]
    [InlineData("upload/v1beta/files", Upload, 150)]
    public async Task Any_body_gets_an_answer(string path, string seed, int count) =>
        await FuzzRun.Of(path, [Encoding.UTF8.GetBytes(seed)], count, async input =>
        {
            using var content = new ByteArrayContent(input);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            if (path.StartsWith("upload", StringComparison.Ordinal))
            {
                request.Headers.Add("X-Goog-Upload-Protocol", "resumable");
                request.Headers.Add("X-Goog-Upload-Command", "start");
                request.Headers.Add("X-Goog-Upload-Header-Content-Length",
                    input.Length.ToString(CultureInfo.InvariantCulture));
            }
            using HttpResponseMessage response = await _emulator.Client.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            Assert.InRange((int)response.StatusCode, 200, 499);
        });

    [Fact]
    public async Task Any_lines_of_a_job_get_an_answer() =>
        await FuzzRun.Of("a job's input", [Encoding.UTF8.GetBytes(Lines)], 60, async input =>
        {
            using var start = new HttpRequestMessage(HttpMethod.Post, "upload/v1beta/files")
            {
                Content = new StringContent(Upload, Encoding.UTF8, "application/json"),
            };
            start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
            start.Headers.Add("X-Goog-Upload-Command", "start");
            using HttpResponseMessage session = await _emulator.Client.SendAsync(start);
            string address = session.Headers.GetValues("X-Goog-Upload-URL").Single();
            using var rest = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(input),
            };
            rest.Headers.Add("X-Goog-Upload-Command", "upload, finalize");
            rest.Headers.Add("X-Goog-Upload-Offset", "0");
            using HttpResponseMessage sent = await _emulator.Client.SendAsync(rest);
            if (!sent.IsSuccessStatusCode) return;
            JsonNode file = JsonNode.Parse(await sent.Content.ReadAsStringAsync())!["file"]!;
            string name = file["name"]!.GetValue<string>();
            Answer job = await _emulator.PostAsync("v1beta/models/gemini-nano-banana-2.1:batchGenerateContent",
                $$$$"""{"batch":{"displayName":"x","inputConfig":{"fileName":"{{{{name}}}}"}}}""");
            Assert.InRange((int)job.Status, 200, 499);
        });

    [Fact]
    public async Task Any_fault_script_is_accepted_or_refused() =>
        await FuzzRun.Of("a script of faults", [Encoding.UTF8.GetBytes(Faults), Encoding.UTF8.GetBytes("[" + Faults + "]")],
            400, input =>
            {
                try
                {
                    FaultScript.Parse(Encoding.UTF8.GetString(input));
                }
                catch (FormatException)
                {
                    // What its callers know and put into words.
                }
                return Task.CompletedTask;
            });
}
