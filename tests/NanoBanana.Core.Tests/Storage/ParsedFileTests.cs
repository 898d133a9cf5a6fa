using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>Files that are parsed again only when they have changed.</summary>
public sealed class ParsedFileTests
{
    [Fact]
    public void A_file_is_parsed_again_only_when_it_has_changed()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "words.txt");
        int parsed = 0;
        var file = new ParsedFile<List<string>>(() => path, () =>
        {
            parsed++;
            return [.. File.ReadAllLines(path)];
        });
        Assert.Empty(file.Read());
        Assert.Equal(0, parsed);
        File.WriteAllText(path, "fox");
        Assert.Equal(["fox"], file.Read());
        Assert.Same(file.Read(), file.Read());
        Assert.Equal(1, parsed);
        File.WriteAllText(path, "badger");
        Assert.Equal(["badger"], file.Read());
        File.Delete(path);
        Assert.Empty(file.Read());
        path = Path.Combine(folder.Path, "other.txt");
        File.WriteAllText(path, "badger");
        Assert.Equal(["badger"], file.Read());
        Assert.Equal(3, parsed);
    }
}
