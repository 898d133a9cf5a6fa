using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Generation;

namespace NanoBanana.Emulator.Tests;

/// <summary>docs/emulator.md names whatever a script or a prompt can ask for.</summary>
public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "emulator.md"));

    [Fact]
    public void Every_fault_and_every_shape_of_one_is_documented()
    {
        IEnumerable<string> shapes = Enum.GetValues<FaultKind>().SelectMany(FaultShapes.Of);

        Assert.DoesNotContain(FaultScript.FaultNames.Concat(shapes), name =>
            !Page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mark_is_documented() =>
        Assert.DoesNotContain(PromptMark.Effects.Keys, name =>
            !Page.Contains($"[[{name}]]", StringComparison.Ordinal)
                && !Page.Contains($"[[{name}:", StringComparison.Ordinal));

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("The repository was not found.");
        }
        return folder;
    }
}
