using System.Text.RegularExpressions;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>The few values of the module's manifest that the tests compare with its assembly.</summary>
internal sealed class Manifest
{
    private readonly string _text;

    private Manifest(string text) => _text = text;

    public static Manifest OfModule() =>
        new(File.ReadAllText(Path.Combine(BuildPath.ModuleFolder, "NanoBanana.PowerShell.psd1")));

    public string Value(string name)
    {
        Match match = Regex.Match(_text, $@"^\s*{name}\s*=\s*'([^']*)'", RegexOptions.Multiline);
        return match.Success ? match.Groups[1].Value : throw new InvalidDataException($"The manifest has no {name}.");
    }

    /// <summary>A list, written as @('a', 'b') or as one string.</summary>
    public IReadOnlyList<string> List(string name)
    {
        Match match = Regex.Match(
            _text, $@"^\s*{name}\s*=\s*(@\((?<many>[^)]*)\)|(?<many>'[^']*'))", RegexOptions.Multiline);
        return match.Success
            ? [.. Regex.Matches(match.Groups["many"].Value, "'([^']*)'").Select(one => one.Groups[1].Value)]
            : throw new InvalidDataException($"The manifest has no {name}.");
    }
}
