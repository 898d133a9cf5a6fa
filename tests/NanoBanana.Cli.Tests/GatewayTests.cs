using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace NanoBanana.Cli.Tests;

/// <summary>What stands between <c>nb</c> and the service: headers, storage, gateways that give up.</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Headers_and_storage_come_from_options_and_from_the_environment()
    {
        using NbServer service = await NbServer.StartAsync("serve", "--port", "0");
        await MakeAsync(service, new() { ["NB_NO_STORE"] = "1", ["NB_HEADERS"] = """{"X-Tenant": "studio"}""" });
        await MakeAsync(service, [], "--no-store", "--header", "X-Team: blue", "--no-upload");
        await MakeAsync(service, []);
        JsonElement[] calls = await JournalAsync(service);
        Assert.Equal(["studio", null, null], calls.Select(call => Header(call, "X-Tenant")));
        Assert.Equal([null, "blue", null], calls.Select(call => Header(call, "X-Team")));
        Assert.Equal([true, true, false], calls.Select(call => call.TryGetProperty("store", out JsonElement store)
            && store.ValueKind == JsonValueKind.False));
    }

    [Fact]
    public async Task The_values_of_headers_are_never_shown()
    {
        // Nothing listens there.
        (int code, string output) = await RunAsync(new() { ["NB_HEADERS"] = """{"X-Key": "a-secret-value"}""" },
            "image", "a fox", "--base-uri", "http://127.0.0.1:9", "--out", _folder["fox.jpg"]);
        Assert.Equal(1, code);
        Assert.DoesNotContain("a-secret-value", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_timeout_in_a_batch_makes_one_item_uncertain_and_sends_none_twice()
    {
        await File.WriteAllTextAsync(_folder["faults.json"], """[{"fault": "lateGatewayTimeout", "nth": 2}]""");
        await File.WriteAllTextAsync(_folder["campaign.json"],
            """{"items": ["a fox", "an owl", "a hare"]}""");
        using NbServer service =
            await NbServer.StartAsync("serve", "--port", "0", "--faults", _folder["faults.json"]);
        string[] run = ["run", _folder["campaign.json"], "--out", _folder["shots"], "--parallel", "1",
            "--base-uri", service.Address.GetLeftPart(UriPartial.Authority)];
        (int code, string output) = await RunAsync([], run);
        Assert.Equal(1, code);
        Assert.Contains("unsure", output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder["shots"], "*.jpg").Length);
        await RunAsync([], run);
        Assert.Equal(3, (await JournalAsync(service)).Length);
    }

    private async Task MakeAsync(NbServer service, Dictionary<string, string> environment, params string[] more)
    {
        (int code, string output) = await RunAsync(environment, ["image", "a fox", "--out", _folder.Path,
            "--base-uri", service.Address.GetLeftPart(UriPartial.Authority), .. more]);
        Assert.True(code == 0, output);
    }

    private static async Task<(int Code, string Output)> RunAsync(
        Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [NbServer.Program, .. arguments]);
        foreach (string name in new[] { "NB_NO_STORE", "NB_HEADERS", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI" })
        {
            start.Environment.Remove(name);
        }
        start.Environment["GEMINI_API_KEY"] = "any";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        ProgramRun run = await ProgramRun.OfAsync(start);
        return (run.Code, run.Output + run.Error);
    }

    private static async Task<JsonElement[]> JournalAsync(NbServer service)
    {
        using var http = new HttpClient();
        JsonElement journal = await http.GetFromJsonAsync<JsonElement>(new Uri(service.Address, "emulator/journal"));
        return [.. journal.GetProperty("entries").EnumerateArray().Where(entry =>
            entry.GetProperty("path").GetString()!.EndsWith(":generateContent", StringComparison.Ordinal))];
    }

    private static string? Header(JsonElement call, string name) =>
        call.GetProperty("headers").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
