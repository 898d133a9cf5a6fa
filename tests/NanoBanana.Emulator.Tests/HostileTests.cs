using System.Globalization;
using System.Net;
using System.Text;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>What somebody sends who means no good: an error answer, never a crash, and the next client is
/// served.</summary>
public sealed class HostileTests : IAsyncLifetime, IDisposable
{
    private const string Generate =
        $"POST /v1beta/models/{Emulator.Nb21}:generateContent?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    private readonly EmulatorService _service =
        new(new EmulatorOptions { HostNames = ["x"], InlineLimit = 1024 * 1024 });
    private EmulatorServer _server = null!;

    public Task InitializeAsync()
    {
        _server = EmulatorServer.Start(_service);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _service.Dispose();

    // For what is shown by giving up; every other test must not depend on how busy the machine is.
    private static EmulatorService Impatient() => new(new EmulatorOptions { ReadTimeout = TimeSpan.FromSeconds(3) });

    public static TheoryData<string, string, string> Requests() => new()
    {
        { "many headers", Generate + Repeat("A: b\r\n", 1000) + "\r\n", "431" },
        { "one header again and again", Generate + Repeat("Content-Length: 2\r\n", 300) + "\r\n", "431" },
        { "a header without end", "GET / HTTP/1.1\r\nA: " + new string('b', 70_000), "431" },
        { "two lengths in one line", Generate + "Content-Length: 2, 3\r\n\r\n{} ", "400" },
        { "a length beyond all numbers", Generate + "Content-Length: 99999999999999999999\r\n\r\n", "400" },
        { "a length with a sign", Generate + "Content-Length: +2\r\n\r\n{}", "400" },
        { "a folded header", Generate + "A: b\r\n c\r\n\r\n", "400" },
        { "a zero byte in a header", Generate + "A: b\0\r\n\r\n", "400" },
        { "a space before the colon", Generate + "Content-Length : 2\r\n\r\n{}", "400" },
        { "two encodings", Generate + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501" },
        { "a negative chunk", Generate + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "400" },
        { "a chunk of 2^64 - 1", Generate + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx", "400" },
        { "a chunk of 2^68", Generate + "Transfer-Encoding: chunked\r\n\r\n100000000000000000\r\nx", "400" },
        { "a chunk without a size", Generate + "Transfer-Encoding: chunked\r\n\r\n\r\n", "400" },
        { "a chunk line without end", Generate + "Transfer-Encoding: chunked\r\n\r\n1;" + new string('x', 9000),
            "400" },
        { "a chunk longer than it says", Generate + "Transfer-Encoding: chunked\r\n\r\n2\r\n{} \r\n0\r\n\r\n", "400" },
        { "trailers without end",
            Generate + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + Repeat("A: b\r\n", 500) + "\r\n", "431" },
        { "a request line of spaces", "   \r\n\r\n", "400" },
        { "a connection for somebody else", "CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "a TLS greeting", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n", "400" },
        { "an upwards path",
            "GET /v1beta/files/../../etc/passwd?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404" },
        { "an upwards path, encoded",
            "GET /v1beta/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "404" },
        { "an upwards download",
            "GET /v1beta/files/..%5c..%5cx:download?alt=media&key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403" },
        { "a path of broken escapes",
            "GET /v1beta/%zz%ff%00/%c3%28?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404" },
        { "an upwards file name", Upload("""{"file":{"name":"files/../../x"}}"""), "400" },
        { "a file name with a line break", Upload("""{"file":{"name":"files/a\r\nX: y"}}"""), "400" },
        { "nested lists", Post(Repeat("[", 100_000)), "400" },
        { "nested objects", Post(Repeat("{\"contents\":", 50_000)), "400" },
        { "nested as deep as may be",
            Post("""{"contents":[{"parts":[{"text":"[[TEXT_ONLY]]"},{"functionCall":""" + Repeat("[", 50)
            + Repeat("]", 50) + "}]}]}"), "200" },
        { "many unknown names",
            Post("{" + string.Join(',', Enumerable.Range(0, 50_000).Select(number => $"\"a{number}\":0")) + "}"),
            "400" },
        { "half a letter", Post("{\"contents\":[{\"parts\":[{\"text\":\"\u00C3(\"}]}]}"), "400" },
        { "a name that is not text", Post("{\"\u00FF\u00FE\":1}"), "400" },
        { "half a pair", Post("""{"contents":[{"parts":[{"text":"\ud800"}]}]}"""), "400" },
        { "a byte order mark and nothing", Post("\u00EF\u00BB\u00BF"), "400" },
        { "names that come twice",
            Post("""{"contents":[{"parts":[{"text":"a","text":"[[TEXT_ONLY]]"}]}],"contents":[{"parts":[{"text":"[[TEXT_ONLY]]"}]}]}"""),
            "200" },
        { "a number beyond all numbers",
            Post("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"seed":1e999999}}"""), "400" },
        { "a picture of base64 that is none",
            Post("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"%%%"}}]}]}"""), "400" },
        { "a picture that claims to be huge",
            Post($$$"""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"{{{HugePng()}}}"}},{"text":"[[TEXT_ONLY]]"}]}]}"""),
            "200" },
        { "more than the limit", Post("{\"contents\":\"" + new string('x', 1024 * 1024) + "\"}"), "400" },
        { "a clock beyond the calendar", SetClock("""{"seconds":1e300}"""), "400" },
        { "a clock set to nothing", SetClock("""{"seconds":1e999}"""), "400" },
        { "a clock set back", SetClock("""{"seconds":-1}"""), "400" },
        { "a clock advanced by words", SetClock("""{"advance":"a:b:c"}"""), "400" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_hostile_request_gets_an_answer_and_the_next_client_is_served(
        string name, string request, string status)
    {
        string answer = await RawClient.SpeakAsync(_server, request);

        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal),
            $"{name}: {answer[..Math.Min(300, answer.Length)]}");
        Assert.True(answer.Length < 100_000, $"{name}: an answer of {answer.Length} characters");
        await StillServes();
    }

    [Fact]
    public async Task A_clock_cannot_be_advanced_beyond_its_limit_in_steps()
    {
        string year = SetClock("""{"seconds":3e10}""");
        string[] answers = [await RawClient.SpeakAsync(_server, year), await RawClient.SpeakAsync(_server, year)];

        Assert.StartsWith("HTTP/1.1 200 ", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", answers[1], StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task A_request_head_that_arrives_too_slowly_is_dropped()
    {
        using EmulatorService service = Impatient();
        await using EmulatorServer server = EmulatorServer.Start(service);
        using RawClient client = await RawClient.ConnectAsync(server);
        await client.SendAsync("GET /v1beta/models HTTP/1.1\r\nHost: x\r\n");

        // Every byte comes long before the limit of the silence between two bytes; the limit is for the whole.
        Task<string> answer = client.ReadAllAsync();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (!answer.IsCompleted && await timer.WaitForNextTickAsync())
        {
            try
            {
                await client.SendAsync("a");
            }
            catch (IOException)
            {
                break;
            }
        }

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task A_request_whose_body_does_not_arrive_is_dropped()
    {
        using EmulatorService service = Impatient();
        await using EmulatorServer server = EmulatorServer.Start(service);
        string answer = await RawClient.SpeakAsync(server, Generate + "Content-Length: 1000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_is_disconnected_without_an_answer()
    {
        using EmulatorService service = Impatient();
        await using EmulatorServer server = EmulatorServer.Start(service);

        Assert.Equal("", await RawClient.SpeakAsync(server, ""));
    }

    [Fact]
    public async Task Half_open_sockets_do_not_block_other_clients()
    {
        List<RawClient> idle = [];
        for (int count = 0; count < 200; count++) idle.Add(await RawClient.ConnectAsync(_server));

        await StillServes();
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Clients_that_disconnect_during_an_answer_do_no_harm()
    {
        for (int count = 0; count < 10; count++)
        {
            using RawClient client = await RawClient.ConnectAsync(_server);
            await client.SendAsync(Post("""{"contents":[{"parts":[{"text":"a fox"}]}]}"""));
            await client.Stream.ReadExactlyAsync(new byte[10]);
        }

        await StillServes();
    }

    [Fact]
    public async Task A_cancel_does_not_remove_a_finished_file()
    {
        string start = await RawClient.SpeakAsync(_server, Upload("""{"file":{"displayName":"x"}}"""));
        string target = start.Split('\n')
            .Single(line => line.StartsWith("X-Goog-Upload-URL: ", StringComparison.Ordinal))
            .Split("http://x")[1].Trim();
        string final = await RawClient.SpeakAsync(_server, Step("upload, finalize", "{\"key\":\"a\"}"));
        string canceled = await RawClient.SpeakAsync(_server, Step("cancel", ""));
        string file = final.Split("\"name\": \"")[1].Split('"')[0];
        string batch = await RawClient.SpeakAsync(_server, Post(
            $$$"""{"batch":{"displayName":"x","inputConfig":{"fileName":"{{{file}}}"} } }""", "batchGenerateContent"));

        Assert.StartsWith("HTTP/1.1 400 ", canceled, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", batch, StringComparison.Ordinal);

        string Step(string command, string body) =>
            $"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Goog-Upload-Command: {command}\r\n"
            + $"X-Goog-Upload-Offset: 0\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    [Fact]
    public async Task Binary_lines_of_a_batch_fail_without_affecting_others()
    {
        using Emulator emulator = new();
        byte[] lines =
        [
            .. "{\"key\":\"a\",\"request\":{\"contents\":[{\"parts\":[{\"text\":\"\\ud800\"}]}]}}\n"u8,
            .. "{\"key\":\""u8, 0xC3, 0x28, .. "\"}\n"u8,
            .. Encoding.ASCII.GetBytes(Repeat("[", 100_000) + "\n"),
            .. "{\"key\":\"d\",\"request\":{\"contents\":[{\"parts\":[{\"text\":\"[[TEXT_ONLY]]\"}]}]}}"u8,
        ];
        string file = await UploadAsync(emulator, lines);
        Answer created = await emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:batchGenerateContent",
            $$$"""{"batch":{"displayName":"x","inputConfig":{"fileName":"{{{file}}}"} } }""");
        emulator.Service.Advance(TimeSpan.FromMinutes(1));
        Answer job = await emulator.GetAsync("v1beta/" + created.Json["name"]!.GetValue<string>());

        Assert.Equal(HttpStatusCode.OK, job.Status);
        Assert.Equal("3", job.Json["metadata"]!["batchStats"]!["failedRequestCount"]!.GetValue<string>());
        Assert.Equal("1", job.Json["metadata"]!["batchStats"]!["successfulRequestCount"]!.GetValue<string>());
    }

    private static async Task<string> UploadAsync(Emulator emulator, byte[] content)
    {
        using HttpRequestMessage start = new(HttpMethod.Post, "upload/v1beta/files");
        start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        start.Headers.Add("X-Goog-Upload-Command", "start");
        using HttpResponseMessage started = await emulator.Client.SendAsync(start);
        using HttpRequestMessage upload = new(HttpMethod.Post, started.Headers.GetValues("X-Goog-Upload-URL").Single());
        upload.Headers.Add("X-Goog-Upload-Command", "upload, finalize");
        upload.Headers.Add("X-Goog-Upload-Offset", "0");
        upload.Content = new ByteArrayContent(content);
        using HttpResponseMessage uploaded = await emulator.Client.SendAsync(upload);
        return (await Answer.ReadAsync(uploaded)).Json["file"]!["name"]!.GetValue<string>();
    }

    private async Task StillServes()
    {
        using HttpClient client = new() { BaseAddress = _server.BaseUri };
        using HttpResponseMessage response = await client.GetAsync("v1beta/models?key=k");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static string Post(string body, string verb = "generateContent") =>
        Generate.Replace("generateContent", verb, StringComparison.Ordinal)
        + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}");

    private static string SetClock(string body) =>
        $"POST /emulator/clock HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Upload(string body) =>
        "POST /upload/v1beta/files?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Goog-Upload-Protocol: resumable\r\n"
        + $"X-Goog-Upload-Command: start\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Repeat(string text, int count) =>
        new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    /// <summary>The head of a PNG of 2^31 - 1 pixels each way, and nothing behind it.</summary>
    private static string HugePng() => Convert.ToBase64String(
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF,
            0xFF, 0xFF, 8, 6, 0, 0, 0]);
}
