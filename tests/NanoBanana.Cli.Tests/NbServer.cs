using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NanoBanana.Cli.Tests;

/// <summary><c>nb web</c> or <c>nb mcp --port</c>, as a process of its own.</summary>
internal sealed partial class NbServer : IDisposable
{
    private readonly Process _process;

    private NbServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The program.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "nb.dll");

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<NbServer> StartAsync(params string[] arguments)
    {
        Process process = Run(arguments);
        string? line = await process.StandardOutput.ReadLineAsync();
        Match address = AddressPattern().Match(line ?? "");
        if (address.Success) return new NbServer(process, new Uri(address.Value));
        string error = await process.StandardError.ReadToEndAsync();
        process.Dispose();
        throw new InvalidOperationException($"It did not start: {line} {error}");
    }

    /// <summary>Starts <c>nb</c>.</summary>
    public static Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NB_WEB_TOKEN");
        start.Environment["GEMINI_API_KEY"] = "test";
        return Process.Start(start)!;
    }

    /// <summary>Asks it to end (SIGTERM), and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex AddressPattern();
}
