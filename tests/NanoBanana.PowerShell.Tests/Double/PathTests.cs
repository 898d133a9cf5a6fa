using System.Management.Automation;
using EngineDouble;

namespace NanoBanana.PowerShell.Tests.Double;

/// <summary>Paths as PowerShell on Linux resolves them; tests/Pester/Engine.Tests.ps1 asks the real engine the same.</summary>
public sealed class PathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nb-paths").FullName;
    private readonly PathIntrinsics _paths;

    public PathTests()
    {
        foreach (string name in new[] { "Fox.JPG", "fox[1].jpg", "fox1.jpg" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "x");
        }

        _paths = new Session(_folder).AddDrive("Shots", _folder).State.Path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("*.jpg", "Fox.JPG|fox1.jpg|fox[1].jpg")]
    [InlineData("fox[1].jpg", "fox1.jpg")]
    [InlineData("fox`[1`].jpg", "fox[1].jpg")]
    [InlineData("nomatch*", "")]
    [InlineData("fox[", "")]
    [InlineData("./fox1.jpg", "fox1.jpg")]
    [InlineData("Shots:/f*1.jpg", "fox1.jpg")]
    public void Wildcards_resolve_without_regard_to_case(string path, string expected)
    {
        IEnumerable<string> names = _paths.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider)
            .Select(p => Path.GetRelativePath(_folder, p))
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, string.Join('|', names));
        Assert.Equal("FileSystem", provider.Name);
    }

    [Theory]
    [InlineData("nofile.txt")]
    [InlineData("FOX1.jpg")]
    [InlineData("no/*/x.jpg")]
    public void A_plain_path_that_is_not_there_is_an_error(string path) =>
        Assert.Throws<ItemNotFoundException>(() => _paths.GetResolvedProviderPathFromPSPath(path, out _));

    [Theory]
    [InlineData("fox[1].jpg", "{0}/fox[1].jpg")]
    [InlineData("fox`[1`].jpg", "{0}/fox`[1`].jpg")]
    [InlineData("shots/../a/./b", "{0}/a/b")]
    [InlineData("shots/", "{0}/shots/")]
    [InlineData("a\\b", "{0}/a/b")]
    [InlineData(".", "{0}")]
    [InlineData("*.jpg", "{0}/*.jpg")]
    [InlineData("Shots:/q", "{0}/q")]
    [InlineData("Microsoft.PowerShell.Core\\FileSystem::/tmp/q", "/tmp/q")]
    public void An_unresolved_path_is_made_full_and_nothing_else(string path, string expected) =>
        Assert.Equal(expected.Replace("{0}", _folder, StringComparison.Ordinal), _paths.GetUnresolvedProviderPathFromPSPath(path));

    [Fact]
    public void A_pattern_that_is_none_says_so_when_it_is_used()
    {
        WildcardPattern pattern = new("fox[");
        Assert.Throws<WildcardPatternException>(() => pattern.IsMatch("x"));
    }

    [Fact]
    public void Home_is_known() => Assert.Equal(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/x",
        _paths.GetUnresolvedProviderPathFromPSPath("~/x"));

    [Theory]
    [InlineData("http://x/y")]
    [InlineData("c:\\x")]
    public void An_unknown_drive_is_an_error(string path) => Assert.Throws<System.Management.Automation.DriveNotFoundException>(
        () => _paths.GetUnresolvedProviderPathFromPSPath(path));

    [Fact]
    public void A_path_of_another_provider_says_so()
    {
        Assert.Equal("PATH", _paths.GetUnresolvedProviderPathFromPSPath("Env:PATH", out ProviderInfo provider, out _));
        Assert.Equal("Environment", provider.Name);
    }
}
