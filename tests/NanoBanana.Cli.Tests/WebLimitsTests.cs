using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace NanoBanana.Cli.Tests;

/// <summary>What strangers may take of a server: places, memory and time.</summary>
public sealed class WebLimitsTests : IDisposable
{
    private const string Plan = """{"prompt":"a fox","dryRun":true}""";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("web", "/images")]
    [InlineData("mcp", "/mcp")]
    public async Task One_request_too_many_is_told_to_come_back_before_it_is_read(string command, string target)
    {
        // No place is given back because its client takes long.
        using NbServer server =
            await StartAsync(command, "--parallel", "1", "--max-waiting", "1", "--patience", "3600");
        using RawConnection first = await RawConnection.OpenAsync(server);
        using RawConnection second = await RawConnection.OpenAsync(server);
        string accept = command == "mcp" ? "Accept: application/json, text/event-stream" : "Accept: application/json";
        await first.BeginAsync(target, Plan.Length, accept);
        await second.BeginAsync(target, Plan.Length, accept);
        using RawConnection third = await RawConnection.OpenAsync(server);
        await third.SendHeadAsync(target, "", "Content-Length: 1000000", "Expect: 100-continue");
        string refused = await third.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 15\r\n", refused, StringComparison.Ordinal);
        Assert.Contains("Nb.Server.Busy", refused, StringComparison.Ordinal);
        // What only looks is answered all the same.
        using HttpResponseMessage look = await _http.GetAsync(new Uri(server.Address, "/usage"));
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, look.StatusCode);

        await first.SendAsync(Plan);
        Assert.DoesNotContain("503", (await first.ReadToEndAsync())[..20], StringComparison.Ordinal);
        using var hang = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        HttpStatusCode status;
        do
        {
            // The place is given back behind the answer.
            using HttpResponseMessage again =
                await _http.PostAsJsonAsync(
                    new Uri(server.Address, target), new { prompt = "a fox", dryRun = true }, hang.Token);
            status = again.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("web", "/images")]
    [InlineData("mcp", "/mcp")]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_sent(string command, string target)
    {
        using NbServer server = await StartAsync(command);
        using RawConnection declared = await RawConnection.OpenAsync(server);
        await declared.SendHeadAsync(target, "", "Content-Length: 100000000", "Expect: 100-continue",
            "Accept: application/json, text/event-stream");
        string refused = await declared.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 413 ", refused, StringComparison.Ordinal);
        Assert.Contains("Nb.Request.BodyTooLarge", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_read_no_further_than_the_limit()
    {
        using NbServer server = await StartAsync("web", "--max-body", "1");
        using RawConnection chunked = await RawConnection.OpenAsync(server);
        await chunked.SendHeadAsync("/images", "", "Transfer-Encoding: chunked");
        string part = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        // The end never comes.
        for (int sent = 0; sent <= 1_000_000; sent += 0x10000) await chunked.SendAsync(part);
        string refused = await chunked.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 413 ", refused, StringComparison.Ordinal);
        Assert.Contains("Nb.Request.BodyTooLarge", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_send_or_take_nothing_hold_no_place_for_long()
    {
        using (FileStream picture = File.Create(_folder["large.png"]))
        {
            picture.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
                0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
            // More than systems keep for a reader.
            picture.SetLength(40_000_000);
        }
        using NbServer server = await StartAsync("web", "--patience", "2");
        using RawConnection head = await RawConnection.OpenAsync(server);
        using RawConnection body = await RawConnection.OpenAsync(server);
        using RawConnection reader = await RawConnection.OpenAsync(server);
        await head.SendAsync("POST /images HTTP/1.1\r\nHost: localhost\r\n");
        await body.SendHeadAsync("/images", "{", $"Content-Length: {Plan.Length}");
        await reader.SendAsync("GET /images/large.png/data HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 408 ", await head.ReadToEndAsync(), StringComparison.Ordinal);
        string slow = await body.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 408 ", slow, StringComparison.Ordinal);
        Assert.Contains("Nb.Request.BodyTooSlow", slow, StringComparison.Ordinal);
        await reader.AwaitResetAsync();

        JsonElement usage = await _http.GetFromJsonAsync<JsonElement>(new Uri(server.Address, "usage"));
        Assert.Equal(0, usage.GetProperty("spent").GetDecimal());
    }

    private Task<NbServer> StartAsync(string command, params string[] more) =>
        NbServer.StartAsync([command, "--offline", "--out", _folder.Path, "--port", "0", .. more]);
}
