using System.Text.Json;

namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>Runs tests/Pester against the built module, each file in a shell of its own.</summary>
public sealed class PesterSuite
{
    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(BuildPath.PesterFolder, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Passes(string file)
    {
        string report = Path.GetTempFileName();
        try
        {
            (int exitCode, string output) = PowerShellProcess.Run(
                "-File", Path.Combine(BuildPath.PesterFolder, "Invoke-Suite.ps1"),
                "-Pester", BuildPath.Of("PesterManifest"),
                "-Path", Path.Combine(BuildPath.PesterFolder, file),
                "-Report", report);
            Assert.True(exitCode == 0, output);

            PesterTest[] tests = JsonSerializer.Deserialize<PesterTest[]>(File.ReadAllText(report)) ?? [];
            Assert.NotEmpty(tests);
            string[] failed = [.. tests.Where(test => test.Result == "Failed").Select(test => $"{test.Name}: {test.Message}")];
            Assert.True(failed.Length == 0, string.Join(Environment.NewLine, failed));
        }
        finally
        {
            File.Delete(report);
        }
    }

    private sealed record PesterTest(string Name, string Result, string Message);
}
