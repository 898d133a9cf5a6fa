using System.Diagnostics;

namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>A PowerShell process: the restored package, or the installed one that NB_PWSH names.</summary>
internal static class PowerShellProcess
{
    // A guard against a shell that hangs; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        (string program, string[] first) = Command();
        ProcessStartInfo start = new(program, [.. first, "-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
            Environment = { ["NO_COLOR"] = "1" },
        };
        foreach (string name in new[] { "GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "PSModulePath" })
        {
            start.Environment.Remove(name);
        }

        using Process shell = Process.Start(start)!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        if (!shell.WaitForExit(Patience))
        {
            shell.Kill(entireProcessTree: true);
            throw new TimeoutException($"PowerShell does not end: {string.Join(' ', arguments)}");
        }

        return (shell.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    private static (string Program, string[] FirstArguments) Command()
    {
        if (Environment.GetEnvironmentVariable("NB_PWSH") is { Length: > 0 } installed)
        {
            return (installed, []);
        }

        string system = OperatingSystem.IsWindows() ? "win" : "unix";
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
            : "dotnet";
        return (dotnet, [Path.Combine(BuildPath.Of("EngineFolder"), system, "pwsh.dll")]);
    }
}
