using System.Text.Json;

namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>Runs tests/Pester against the built module: as many shells as there are processors share the
/// files.</summary>
public sealed class PesterRun : IDisposable
{
    private readonly DirectoryInfo _reports = Directory.CreateTempSubdirectory("nb-pester-");
    private readonly string _output;

    /// <summary>Returns when every file has been run.</summary>
    public PesterRun()
    {
        Task<(int ExitCode, string Output)>[] shells =
            [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () => PowerShellProcess.Run(
                "-File", Path.Combine(BuildPath.PesterFolder, "Invoke-Suite.ps1"),
                "-Pester", BuildPath.Of("PesterManifest"),
                "-Report", _reports.FullName),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        _output = string.Join(Environment.NewLine,
            Task.WhenAll(shells).GetAwaiter().GetResult().Select(shell => shell.Output));

        PesterResult[] results = [.. _reports.EnumerateFiles("*.json").Select(Read)];
        File.WriteAllText(
            BuildPath.Of("PesterSummary"),
            $"Pester: {results.Sum(one => one.Passed)} passed, {results.Sum(one => one.Failed)} failed, {results.Sum(one => one.Skipped)} skipped\n");
    }

    /// <summary>What came of a file; without a report, a shell ended in the middle of it, and its output says
    /// why.</summary>
    public PesterResult ResultOf(string file)
    {
        FileInfo report = new(Path.Combine(_reports.FullName, $"{file}.json"));
        Assert.True(report.Exists, _output);
        return Read(report);
    }

    private static PesterResult Read(FileInfo report) =>
        JsonSerializer.Deserialize<PesterResult>(File.ReadAllText(report.FullName))!;

    public void Dispose() => _reports.Delete(recursive: true);
}
