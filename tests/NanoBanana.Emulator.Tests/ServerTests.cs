using System.Net;
using System.Text;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>What an HTTP server must bear, spoken on a bare socket.</summary>
public sealed class ServerTests : IAsyncLifetime, IDisposable
{
    private const string Prompt = """{"contents":[{"role":"user","parts":[{"text":"[[TEXT_ONLY]]"}]}]}""";
    private readonly EmulatorService _service = new(new EmulatorOptions { HostNames = ["x"] });
    private EmulatorServer _server = null!;

    public Task InitializeAsync()
    {
        _server = EmulatorServer.Start(_service);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("NONSENSE\r\n\r\n", "400")]
    [InlineData("GET /v1beta/models HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET v1beta/models HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400")]
    [InlineData("POST /v1beta/models/m:generateContent?key=k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "400")]
    public async Task Malformed_http_is_answered_and_the_connection_closed(string request, string status)
    {
        string answer = await SpeakAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        string answer = await SpeakAsync("GET / HTTP/1.1\r\nX: " + new string('x', 70_000));

        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_path_is_an_html_404()
    {
        string answer = await SpeakAsync("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("<!DOCTYPE html>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_requests_share_a_connection()
    {
        string one = Post(Prompt);
        string answer =
            await SpeakAsync(one + one.Replace("Host: x", "Host: x\r\nConnection: close", StringComparison.Ordinal));

        Assert.Equal(2, answer.Split("HTTP/1.1 200 OK").Length - 1);
    }

    [Fact]
    public async Task A_chunked_request_is_read()
    {
        string body = $"5\r\n{Prompt[..5]}\r\n{Prompt.Length - 5:x};ext=1\r\n{Prompt[5..]}\r\n0\r\nTrailer: x\r\n\r\n";
        string answer = await SpeakAsync(
            $"POST /v1beta/models/{Emulator.Nb21}:generateContent?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_client_is_told_to_send_its_body()
    {
        using RawClient client = await RawClient.ConnectAsync(_server);
        string request = Post(Prompt)
            .Replace("Host: x", "Host: x\r\nConnection: close\r\nExpect: 100-continue", StringComparison.Ordinal);
        string[] halves = request.Split("\r\n\r\n", 2);
        await client.SendAsync(halves[0] + "\r\n\r\n");
        byte[] interim = new byte[25];
        await client.Stream.ReadExactlyAsync(interim);
        await client.SendAsync(halves[1]);

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(interim));
        Assert.StartsWith("HTTP/1.1 200 OK", await client.ReadAllAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_200_megabyte_body_is_read_away_and_refused()
    {
        // However slowly it arrives: the server gives up only on a client that stops sending.
        using HttpClient client = new() { BaseAddress = _server.BaseUri, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Add("x-goog-api-key", "k");
        using ByteArrayContent body = new(new byte[200 * 1024 * 1024]);
        using HttpResponseMessage response =
            await client.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("exceeds the limit: 104857600 bytes", await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task A_client_that_stops_in_the_middle_is_disconnected()
    {
        using EmulatorService service = new(new EmulatorOptions { ReadTimeout = TimeSpan.FromSeconds(1) });
        await using EmulatorServer server = EmulatorServer.Start(service);
        using RawClient client = await RawClient.ConnectAsync(server);
        await client.SendAsync("POST /v1beta/models HTTP/1.1\r\nHost: x\r\nContent-Le");

        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadAllAsync(), StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task An_interrupted_upload_continues_where_it_stopped()
    {
        string start = await SpeakAsync(
            "POST /upload/v1beta/files?key=k HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Goog-Upload-Protocol: resumable\r\n"
            + "X-Goog-Upload-Command: start\r\nX-Goog-Upload-Header-Content-Length: 6\r\n\r\n");
        string target = start.Split('\n')
            .Single(line => line.StartsWith("X-Goog-Upload-URL: ", StringComparison.Ordinal))
            .Split("http://x")[1].Trim();
        await SpeakAsync(Chunk("upload, finalize", 0, 6, "abc"), half: true);
        string query = await SpeakAsync(Chunk("query", 0, 0, ""));
        string rest = await SpeakAsync(Chunk("upload, finalize", 3, 3, "def"));

        Assert.Contains("X-Goog-Upload-Size-Received: 3\r\n", query, StringComparison.Ordinal);
        Assert.Contains("X-Goog-Upload-Status: final\r\n", rest, StringComparison.Ordinal);
        Assert.Contains("\"sizeBytes\": \"6\"", rest, StringComparison.Ordinal);

        string Chunk(string command, int offset, int length, string body) =>
            $"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Goog-Upload-Command: {command}\r\n"
            + $"X-Goog-Upload-Offset: {offset}\r\nContent-Length: {length}\r\n\r\n{body}";
    }

    [Fact]
    public async Task A_stream_sends_part_by_part()
    {
        string answer =
            await SpeakAsync(
            Post("""{"contents":[{"parts":[{"text":"a fox"}]}]}""", "streamGenerateContent", "&alt=sse")
            .Replace("Host: x", "Host: x\r\nConnection: close", StringComparison.Ordinal));

        Assert.Contains("Content-Type: text/event-stream", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("data: {").Length - 1);
        Assert.Equal(1, answer.Split("\"finishReason\"").Length - 1);
    }

    [Fact]
    public void Other_machines_need_a_token() =>
        Assert.Throws<InvalidOperationException>(() => EmulatorServer.Start(_service, 0, IPAddress.Any));

    [Fact]
    public async Task Other_machines_are_served_with_the_token()
    {
        using EmulatorService service = new(new EmulatorOptions { RequiredToken = "secret" });
        await using EmulatorServer server = EmulatorServer.Start(service, 0, IPAddress.Any);
        using HttpClient client = new() { BaseAddress = server.BaseUri };
        using HttpResponseMessage without = await client.GetAsync("v1beta/models?key=other");
        using HttpResponseMessage with = await client.GetAsync("v1beta/models?key=secret");
        using HttpResponseMessage journal = await client.GetAsync("emulator/journal");

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, journal.StatusCode);
    }

    private static string Post(string body, string verb = "generateContent", string query = "") =>
        $"POST /v1beta/models/{Emulator.Nb21}:{verb}?key=k{query} HTTP/1.1\r\nHost: x\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";

    private async Task StillServes()
    {
        using HttpClient client = new() { BaseAddress = _server.BaseUri };
        using HttpResponseMessage response = await client.GetAsync("v1beta/models?key=k");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<string> SpeakAsync(string request, bool half = false) => RawClient.SpeakAsync(_server, request, half);
}
