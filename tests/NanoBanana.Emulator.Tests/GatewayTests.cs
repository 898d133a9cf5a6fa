using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>What stands between a client and the service.</summary>
public sealed class GatewayTests
{
    [Theory]
    [InlineData("badGateway", 502, false)]
    [InlineData("gatewayTimeout", 504, false)]
    [InlineData("lateBadGateway", 502, true)]
    [InlineData("lateGatewayTimeout", 504, true)]
    public async Task A_gateways_page_can_come_before_or_after_the_work(string fault, int status,
        bool isBilled)
    {
        using Emulator emulator = With($$"""[{"fault":"{{fault}}","nth":1}]""");
        Answer page = await emulator.GenerateAsync("a fox");
        Answer answer = await emulator.GenerateAsync("a fox");
        JournalEntry entry = emulator.Service.Journal.Entries[0];

        Assert.Equal(status, (int)page.Status);
        Assert.StartsWith("<!DOCTYPE html>", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((isBilled, isBilled, isBilled ? 1 : 0), (entry.IsBilled, entry.IsReplaced, entry.Images));
        Assert.Equal(isBilled ? 2 : 1, emulator.Service.Statistics.BilledGenerations);
        Assert.Equal(isBilled ? 1 : 0, emulator.Service.Statistics.BilledUndelivered);
        Assert.Contains("a fox", entry.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_error_can_come_after_the_work_was_billed()
    {
        using Emulator emulator = With("""[{"fault":"html","code":200,"billed":true}]""");
        Answer page = await emulator.GenerateAsync("a fox");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("<!DOCTYPE html>", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Service.Statistics.BilledUndelivered);
    }

    [Theory]
    [InlineData("message", "error.message.error.message")]
    [InlineData("text", "error.message")]
    [InlineData("detail", "detail")]
    [InlineData("errors", "errors.0.message")]
    [InlineData("raw", "error.metadata.raw")]
    public async Task An_error_stands_inside_a_gateways_error(string shape, string place)
    {
        using Emulator emulator =
            With($$"""[{"fault":"wrappedError","shape":"{{shape}}","retryDelay":"7s","outerCode":500}]""");
        Answer answer = await emulator.GenerateAsync("a fox");
        JsonNode found = place.Split('.')
            .Aggregate(answer.Json, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("You exceeded your current quota", found.GetValue<string>(), StringComparison.Ordinal);
        if (shape != "errors") Assert.Contains("RetryInfo", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_answer_is_repeated_for_every_request_and_each_is_billed()
    {
        using Emulator emulator = With("""[{"fault":"sameAnswer"}]""");
        Answer fox = await emulator.GenerateAsync("a fox"), owl = await emulator.GenerateAsync("an owl");

        Assert.Equal(fox.Text, owl.Text);
        Assert.Equal(2, emulator.Service.Statistics.BilledGenerations);
        Assert.Equal([false, true], emulator.Service.Journal.Entries.Select(entry => entry.IsReplaced));
    }

    [Fact]
    public async Task A_gateway_that_answers_by_itself_bills_the_first_one_only()
    {
        using Emulator emulator = With("""[{"fault":"sameAnswer","billed":false}]""");
        Answer fox = await emulator.GenerateAsync("a fox"), owl = await emulator.GenerateAsync("an owl");

        Assert.Equal(fox.Text, owl.Text);
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("brotli", "br")]
    public async Task A_fault_compresses_answers_without_being_asked(string fault, string encoding)
    {
        using Emulator emulator = With($$"""[{"fault":"{{fault}}"}]""");
        await using EmulatorServer server = EmulatorServer.Start(emulator.Service);
        using HttpClient client = new() { BaseAddress = server.BaseUri };
        using StringContent body = new("""{"contents":[{"parts":[{"text":"a fox"}]}]}""");
        using HttpResponseMessage response =
            await client.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent?key=k", body);
        await using Stream compressed = await response.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "gzip"
            ? new GZipStream(compressed, CompressionMode.Decompress)
            : new BrotliStream(compressed, CompressionMode.Decompress);
        using StreamReader reader = new(plain);

        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.NotNull(
            JsonNode.Parse(await reader.ReadToEndAsync())!["candidates"]![0]!["content"]!["parts"]![1]!["inlineData"]);
    }

    [Fact]
    public async Task A_fault_asks_for_proxy_authentication()
    {
        using Emulator emulator = With("""[{"fault":"proxyAuthentication"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(HttpStatusCode.ProxyAuthenticationRequired, answer.Status);
        Assert.Equal("Basic", answer.Message.Headers.ProxyAuthenticate.Single().Scheme);
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("", 200, "text/plain")]
    [InlineData(""","code":403""", 403, "application/json")]
    public async Task A_gateway_in_debug_mode_echoes_the_key(string code, int status, string type)
    {
        using Emulator emulator = With($$"""[{"fault":"echoKey"{{code}}}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(type, answer.Message.Content.Headers.ContentType!.MediaType);
        Assert.Contains("test-key", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leakedKey", 403, "reported as leaked")]
    [InlineData("suspendedProject", 403, "CONSUMER_SUSPENDED")]
    [InlineData("billingDisabled", 403, "billing")]
    [InlineData("unprocessableImage", 400, "Unable to process input image")]
    public async Task A_fault_gives_the_errors_of_an_account(string fault, int status, string word)
    {
        using Emulator emulator = With($$"""[{"fault":"{{fault}}"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(word, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_of_an_hour_is_in_the_header()
    {
        using Emulator emulator = With("""[{"fault":"retryAfter","retryDelay":"3600"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(TimeSpan.FromHours(1), answer.Message.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_gateway_fault_removes_only_the_files_API()
    {
        using Emulator emulator = With("""[{"fault":"filesMissing"}]""");
        using HttpResponseMessage start = await StartUploadAsync(emulator, 3);
        Answer list = await emulator.GetAsync("v1beta/files"), picture = await emulator.GenerateAsync("a fox");

        Assert.Equal(HttpStatusCode.NotFound, start.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, list.Status);
        Assert.Equal(HttpStatusCode.OK, picture.Status);
    }

    [Fact]
    public async Task An_upload_is_refused_when_it_is_used_and_inline_data_is_not()
    {
        using Emulator emulator = With("""[{"fault":"fileDataRefused"}]""");
        using Emulator artist = new();
        byte[] picture = (await artist.GenerateAsync("a fox")).Image;
        string uri = (await UploadAsync(emulator, picture))["file"]!["uri"]!.GetValue<string>();
        Answer used = await UseAsync(emulator, uri);
        Answer inline = await emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("at night", picture)));

        Assert.Equal(HttpStatusCode.Forbidden, used.Status);
        Assert.Contains("You do not have permission to access the File", used.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, inline.Status);
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("fileProcessing", "ACTIVE", 200)]
    [InlineData("fileFailed", "FAILED", 400)]
    public async Task A_file_is_processed_for_a_while(string fault, string end, int status)
    {
        using Emulator emulator =
            With($$"""[{"fault":"fileProcessing","delay":"4s"},{"fault":"{{fault}}","delay":"4s"}]""");
        using Emulator artist = new();
        JsonNode file = (await UploadAsync(emulator, (await artist.GenerateAsync("a fox")).Image))["file"]!;
        Answer early = await UseAsync(emulator, file["uri"]!.GetValue<string>());
        emulator.Service.Advance(TimeSpan.FromSeconds(4));
        Answer later = await emulator.GetAsync($"v1beta/{file["name"]}");
        Answer used = await UseAsync(emulator, file["uri"]!.GetValue<string>());

        Assert.Equal("PROCESSING", file["state"]!.GetValue<string>());
        Assert.Equal("FAILED_PRECONDITION", early.ErrorStatus);
        Assert.Equal(end, later.Json["state"]!.GetValue<string>());
        Assert.Equal(status, (int)used.Status);
    }

    private static Emulator With(string script) =>
        new(new EmulatorOptions { Faults = FaultScript.Parse(script), SignatureLength = 64 });

    private static Task<Answer> UseAsync(Emulator emulator, string uri) => emulator.PostAsync(
        $"v1beta/models/{Emulator.Nb21}:generateContent",
        $$$"""{"contents":[{"parts":[{"text":"at night"},{"fileData":{"mimeType":"image/jpeg","fileUri":"{{{uri}}}"}}]}]}""");

    private static async Task<HttpResponseMessage> StartUploadAsync(Emulator emulator, int length)
    {
        using HttpRequestMessage start = new(HttpMethod.Post, "upload/v1beta/files")
        {
            Content = new StringContent("""{"file":{"mimeType":"image/jpeg"}}""", Encoding.UTF8, "application/json"),
        };
        start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        start.Headers.Add("X-Goog-Upload-Command", "start");
        start.Headers.Add("X-Goog-Upload-Header-Content-Length",
            length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await emulator.Client.SendAsync(start);
    }

    private static async Task<JsonNode> UploadAsync(Emulator emulator, byte[] content)
    {
        using HttpResponseMessage started = await StartUploadAsync(emulator, content.Length);
        using HttpRequestMessage upload = new(HttpMethod.Post, started.Headers.GetValues("X-Goog-Upload-URL").Single())
        {
            Content = new ByteArrayContent(content),
        };
        upload.Headers.Add("X-Goog-Upload-Command", "upload, finalize");
        upload.Headers.Add("X-Goog-Upload-Offset", "0");
        using HttpResponseMessage done = await emulator.Client.SendAsync(upload);
        return (await Answer.ReadAsync(done)).Json;
    }
}
