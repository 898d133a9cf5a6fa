using System.Diagnostics;

namespace NanoBanana.Cli.Tests;

/// <summary><c>nb resume</c>: what was paid for and did not arrive is fetched, once.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_answer_that_did_not_arrive_is_fetched_once_and_not_paid_again()
    {
        await File.WriteAllTextAsync(_folder["faults.json"], """
            [{"fault": "cutAfterCreated", "nth": 1}, {"fault": "status", "code": 403, "method": "GET", "nth": 1}]
            """);
        using NbServer service = await NbServer.StartAsync("serve", "--port", "0", "--faults", _folder["faults.json"]);
        string address = service.Address.GetLeftPart(UriPartial.Authority);
        (int code, string output) = await RunAsync("image", "a fox", "--api", "interactions", "--base-uri", address,
            "--out", _folder["fox.jpg"]);
        Assert.True(code == 1, output);
        Assert.False(File.Exists(_folder["fox.jpg"]));

        (code, output) = await RunAsync("resume", _folder.Path, "--dry-run");
        Assert.True(code == 0, output);
        Assert.Contains("a fox", output, StringComparison.Ordinal);
        (code, output) = await RunAsync("resume", _folder.Path, "--base-uri", address);
        Assert.True(code == 0, output);
        Assert.True(File.Exists(_folder["fox.jpg"]));

        (code, output) = await RunAsync("resume", _folder.Path, "--base-uri", address);
        Assert.True(code == 0, output);
        Assert.Contains("no answers to fetch", output, StringComparison.Ordinal);
        using var http = new HttpClient();
        string statistics = await http.GetStringAsync(new Uri(service.Address, "emulator/statistics"));
        Assert.Contains("\"billedGenerations\":1,", statistics.Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [NbServer.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("GOOGLE_API_KEY");
        start.Environment["GEMINI_API_KEY"] = "any";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
