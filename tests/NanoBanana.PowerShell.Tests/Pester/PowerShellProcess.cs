using System.Diagnostics;

namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>A real pwsh, where this machine has one: on the PATH, or where NB_PWSH says.</summary>
internal static class PowerShellProcess
{
    // A guard against a shell that hangs; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string?> Missing = new(FindMissing);

    /// <summary>Why the suite cannot run here; null when it can.</summary>
    public static string? Reason => Missing.Value;

    private static string Executable => Environment.GetEnvironmentVariable("NB_PWSH") is { Length: > 0 } path ? path : "pwsh";

    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Executable, ["-NoProfile", "-NonInteractive", .. arguments])
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
            throw new TimeoutException($"pwsh does not end: {string.Join(' ', arguments)}");
        }

        return (shell.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    private static string? FindMissing()
    {
        try
        {
            (int exitCode, _) = Run("-Command", "Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop");
            return exitCode == 0 ? null : $"{Executable} has no Pester 5.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{Executable} is not on the PATH.";
        }
    }
}
