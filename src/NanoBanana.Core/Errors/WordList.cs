using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NanoBanana.Errors;

/// <summary>The words of one front end for names in advice: <c>{option:size}</c> is -Size in a shell, --size on a
/// command line and size in JSON. Advice is stored and passed on with the names; the front end that shows it inserts
/// its words.</summary>
/// <remarks>There are three kinds of names: <c>option</c>, <c>command</c>, and <c>way</c>, a clause that says how to do
/// something. A way may take values: <c>{way:setAnchor|kael}</c>, which replace {0}, {1} ... in its words.</remarks>
public sealed partial class WordList
{
    /// <summary>Name of the resource that an assembly keeps its words in.</summary>
    public const string ResourceName = "words.json";

    private readonly Dictionary<string, string> _words;

    private WordList(Dictionary<string, string> words) => _words = words;

    /// <summary>No words: names are shown as they are.</summary>
    public static WordList Empty { get; } = new([]);

    /// <summary>Reads the words of a front end.</summary>
    /// <param name="assembly">The front end; its words are its resource <see cref="ResourceName"/>.</param>
    public static WordList Of(Assembly assembly)
    {
        using Stream json = assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no {ResourceName}.");
        return Read(json);
    }

    /// <summary>Reads words.</summary>
    /// <param name="json">An object for each kind of names, with a word for each name.</param>
    public static WordList Read(Stream json)
    {
        using JsonDocument kinds = JsonDocument.Parse(json);
        return new WordList(kinds.RootElement.EnumerateObject()
            .SelectMany(kind => kind.Value.EnumerateObject()
                .Select(word => ($"{kind.Name}:{word.Name}", word.Value.GetString()!)))
            .ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>The same words, with some replaced by those of another list.</summary>
    /// <param name="json">In the form of <see cref="Read"/>, with only the words that differ.</param>
    public WordList With(Stream json)
    {
        var words = new Dictionary<string, string>(_words);
        foreach ((string name, string word) in Read(json)._words) words[name] = word;
        return new WordList(words);
    }

    /// <summary>The names that have a word, such as <c>option:size</c>.</summary>
    public IReadOnlyCollection<string> Names => _words.Keys;

    /// <summary>The names in a text, such as <c>option:size</c>.</summary>
    /// <param name="text">Advice or a message.</param>
    internal static IEnumerable<string> NamesIn(string text) =>
        Name().Matches(text).Select(match => $"{match.Groups["kind"]}:{match.Groups["name"]}");

    /// <summary>The text with this front end's words. A name without a word is shown as it is.</summary>
    /// <param name="text">Advice or a message.</param>
    public string Say(string text) => !text.Contains('{', StringComparison.Ordinal) ? text
        // Characters escaped with % are restored.
        : SafeText.Plain(Name().Replace(text, Word));

    /// <summary>The text with values added to the first way it names.</summary>
    /// <param name="text">Advice.</param>
    /// <param name="values">The values of {0}, {1} ...</param>
    internal static string Fill(string text, IEnumerable<string> values)
    {
        string filled = string.Concat(values.Select(value => "|" + Escape(value)));
        Match way = Name().Match(text, text.IndexOf("{way:", StringComparison.Ordinal));
        return text.Insert(way.Index + way.Length - 1, filled);
    }

    private string Word(Match match)
    {
        if (!_words.TryGetValue($"{match.Groups["kind"]}:{match.Groups["name"]}", out string? word))
        {
            return match.Groups["name"].Value;
        }
        CaptureCollection values = match.Groups["value"].Captures;
        return Place().Replace(word, place => int.Parse(place.Groups[1].ValueSpan) is var at && at < values.Count
            ? Uri.UnescapeDataString(values[at].Value) : place.Value);
    }

    // Characters that would end the value or the name are escaped.
    private static string Escape(string value) => value.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("|", "%7C", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal)
        .Replace("}", "%7D", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(?<kind>option|command|way):(?<name>[A-Za-z]+)(?:\|(?<value>[^|{}]*))*\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{([0-9])\}")]
    private static partial Regex Place();
}
