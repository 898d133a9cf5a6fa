using System.Net;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>A server on loopback answers its own clients, and no page of the web.</summary>
public sealed class HostTests : IAsyncLifetime, IDisposable
{
    private readonly EmulatorService _service = new(new EmulatorOptions());
    private EmulatorServer _server = null!;

    public Task InitializeAsync()
    {
        _server = EmulatorServer.Start(_service);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("localhost:PORT", null, 200)]
    [InlineData("LOCALHOST:PORT", null, 200)]
    [InlineData("127.0.0.1:PORT", null, 200)]
    [InlineData("[::1]:PORT", null, 200)]
    [InlineData("localhost:PORT", "http://localhost:PORT", 200)]
    [InlineData("localhost:PORT", "http://127.0.0.1:PORT", 200)]
    [InlineData("rebound.example:PORT", null, 403)]
    [InlineData("localhost.rebound.example:PORT", null, 403)]
    [InlineData("localhost", null, 403)]
    [InlineData("localhost:1", null, 403)]
    [InlineData("", null, 403)]
    [InlineData("localhost:PORT", "http://rebound.example:PORT", 403)]
    [InlineData("localhost:PORT", "http://localhost:1", 403)]
    [InlineData("localhost:PORT", "https://example.com", 403)]
    [InlineData("localhost:PORT", "null", 403)]
    [InlineData("localhost:PORT", "file://", 403)]
    public async Task Only_requests_to_its_own_host_names_are_answered(string host, string? origin, int status)
    {
        string port = _server.BaseUri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string headers = $"Host: {host}\r\n" + (origin is null ? "" : $"Origin: {origin}\r\n");
        foreach (string path in new[] { "/v1beta/models?key=k", "/emulator/journal", "/emulator/statistics" })
        {
            string answer = await RawClient.SpeakAsync(
                _server, $"GET {path} HTTP/1.1\r\n{headers.Replace("PORT", port, StringComparison.Ordinal)}Connection: close\r\n\r\n");

            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refused_request_is_neither_recorded_nor_billed()
    {
        const string Body = """{"contents":[{"parts":[{"text":"a fox"}]}]}""";
        await RawClient.SpeakAsync(
            _server, $"POST /v1beta/models/{Emulator.Nb21}:generateContent?key=k HTTP/1.1\r\nHost: rebound.example\r\n"
            + $"Connection: close\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Equal(0, _service.Statistics.Requests);
        Assert.Equal(0, _service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task A_configured_host_name_is_answered()
    {
        using EmulatorService service = new(new EmulatorOptions { HostNames = ["gemini.local"] });
        await using EmulatorServer server = EmulatorServer.Start(service);
        string answer = await RawClient.SpeakAsync(
            server, "GET /v1beta/models?key=k HTTP/1.1\r\nHost: gemini.local\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_path_is_in_every_address_and_nothing_is_served_beside_it()
    {
        using EmulatorService service = new(new EmulatorOptions { BasePath = "/gateway/gemini/" });
        await using EmulatorServer server = EmulatorServer.Start(service);
        using HttpClient client = new() { BaseAddress = server.BaseUri };
        client.DefaultRequestHeaders.Add("x-goog-api-key", "k");
        using HttpResponseMessage below = await client.GetAsync("v1beta/models");
        using HttpResponseMessage beside = await client.GetAsync("/v1beta/models");
        using HttpRequestMessage start = new(HttpMethod.Post, "upload/v1beta/files");
        start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        start.Headers.Add("X-Goog-Upload-Command", "start");
        using HttpResponseMessage upload = await client.SendAsync(start);

        Assert.EndsWith("/gateway/gemini/", server.BaseUri.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, below.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, beside.StatusCode);
        Assert.StartsWith(
            $"{server.BaseUri}upload/v1beta/files?upload_id=", upload.Headers.GetValues("X-Goog-Upload-URL").Single(),
                StringComparison.Ordinal);
    }
}
