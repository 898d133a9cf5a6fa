namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>What came of each file of tests/Pester.</summary>
public sealed class PesterSuite(PesterRun run) : IClassFixture<PesterRun>
{
    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(BuildPath.PesterFolder, "*.Tests.ps1").Select(path => Path.GetFileName(path))
            .Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Passes(string file)
    {
        PesterResult result = run.ResultOf(file);

        Assert.True(result.Wrong.Count == 0, string.Join(Environment.NewLine, result.Wrong));
        Assert.NotEqual(0, result.Passed + result.Skipped);
    }
}
