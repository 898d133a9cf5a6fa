using System.Text.Json;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>What others wrote is named where it is distributed.</summary>
public sealed class NoticesTests
{
    private static readonly string Dependencies = Path.Combine(BuildPath.ModuleFolder, "Dependencies");

    public static TheoryData<string> Extensions =>
        [.. Directory.GetDirectories(Dependencies).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Extensions))]
    public void The_notices_list_every_library_and_package_of_an_extension(string extension)
    {
        string folder = Path.Combine(Dependencies, extension);
        string notices = File.ReadAllText(Path.Combine(folder, "THIRD-PARTY-NOTICES.md"));
        string[] libraries = [.. Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Where(IsOthers)];
        Assert.NotEmpty(libraries);
        Assert.All(libraries.Concat(PackagesOf(folder, extension)).Distinct(),
            name => Assert.Matches($@"[\[ ]{System.Text.RegularExpressions.Regex.Escape(name)}[\], ]", notices));
    }

    [Fact]
    public void No_foreign_file_is_beside_the_module() => Assert.DoesNotContain(
        Directory.EnumerateFiles(BuildPath.ModuleFolder, "*.dll").Select(path => Path.GetFileName(path)), IsOthers);

    // As the host that loads it would find them.
    private static IEnumerable<string> PackagesOf(string folder, string extension)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, extension + ".deps.json")));
        return [.. json.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name.Split('/')[0])];
    }

    private static bool IsOthers(string name) => !name.StartsWith("NanoBanana.", StringComparison.Ordinal);
}
