using System.Text.RegularExpressions;

namespace NanoBanana.Tests;

/// <summary>
/// What no analyzer of the SDK holds: the width of a line, the form of a short if, the name of what was caught.
/// </summary>
public sealed partial class HandwritingTests
{
    private const int Columns = 120;

    // A literal is not cut: its words can be searched for.
    [Fact]
    public void A_line_has_120_columns_unless_a_text_runs_across() => Assert.Empty(
        Lines().Where(line => line.Text.Length > Columns && !IsInText(line.Text)).Select(line => line.ToString()));

    [Fact]
    public void A_statement_without_braces_is_on_the_line_of_its_condition() => Assert.Empty(
        Lines().Where(line => Condition().IsMatch(line.Text) && IsBalanced(line.Text)
            && !line.Next.TrimStart().StartsWith('{')).Select(line => line.ToString()));

    [Fact]
    public void A_caught_exception_is_named_e_unless_that_name_is_taken() => Assert.Empty(
        Lines().Where(line => Caught().Match(line.Text) is { Success: true } caught && caught.Groups[1].Value != "e"
            && !Regex.IsMatch(File.ReadAllText(line.Path), @"\be\b")).Select(line => line.ToString()));

    [Fact]
    public void Architecture_names_each_folder_of_the_sources()
    {
        string root = Repository(), page = File.ReadAllText(Path.Combine(root, "docs", "architecture.md"));
        string[] folders = [.. Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!))
            .Where(folder => !folder.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Distinct()];
        Assert.NotEmpty(folders);
        Assert.DoesNotContain(folders, folder => !Regex.IsMatch(page, $@"\b{Path.GetFileName(folder)}\b"));
    }

    private static bool IsInText(string line) => line[..Columns].Contains('"') && line[(Columns - 1)..].Contains('"');

    private static bool IsBalanced(string line) => line.Count(c => c == '(') == line.Count(c => c == ')');

    private static IEnumerable<Line> Lines()
    {
        string root = Repository();
        foreach (string path in new[] { "src", "tests", "bench" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)))
        {
            string[] texts = File.ReadAllLines(path);
            bool isRaw = false;
            for (int i = 0; i < texts.Length; i++)
            {
                bool isInside = isRaw;
                isRaw ^= texts[i].Split("\"\"\"").Length % 2 == 0;
                if (!isInside) yield return new Line(path, i + 1, texts[i], i + 1 < texts.Length ? texts[i + 1] : "");
            }
        }
    }

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"^\s*(else )?(if|foreach|for|while|lock) \(.*\)$")]
    private static partial Regex Condition();

    [GeneratedRegex(@"^\s*catch \([\w.]+ (\w+)\)")]
    private static partial Regex Caught();

    private sealed record Line(string Path, int Number, string Text, string Next)
    {
        public override string ToString() => $"{Path}({Number}): {Text.Trim()}";
    }
}
