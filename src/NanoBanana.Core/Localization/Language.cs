using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NanoBanana.Storage;

namespace NanoBanana.Localization;

/// <summary>A language that lettering is written in.</summary>
/// <param name="Code">As BCP 47 writes it, such as de, pt-BR or zh-Hant; part of file names.</param>
/// <param name="Name">In English, as prompts call it.</param>
/// <param name="IsRightToLeft">Whether it runs from right to left.</param>
public sealed record Language(string Code, string Name, bool IsRightToLeft)
{
    private static readonly Lazy<JsonObject> Data = new(() => JsonOverlay.ReadBuiltIn("languages.json"));

    private static readonly Lazy<Dictionary<string, string>> Names = new(() => TextsOf("names"));

    private static readonly Lazy<Dictionary<string, string>> Mistaken = new(() => TextsOf("mistaken"));

    /// <summary>The languages that are known by name, by code.</summary>
    public static ImmutableArray<Language> Known { get; } =
        [.. Names.Value.Select(pair => new Language(pair.Key, pair.Value, RunsRightToLeft(pair.Key)))];

    /// <summary>The language of a code. A known language may have any region (de-AT); any other needs a name:
    /// tlh=Klingon.</summary>
    /// <exception cref="NbException">It is not known (Nb.Localization.UnknownLanguage).</exception>
    public static Language Parse(string text) => Find(text) ?? throw LocalizationErrors.UnknownLanguage(
        text, Suggestion(text.Trim()), Known.Select(language => language.Code));

    /// <summary>The language of a code; null for one that is not known.</summary>
    public static Language? Find(string text)
    {
        string[] named = text.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] tags = named[0].Replace('_', '-').Split('-');
        if (tags.Any(tag => tag.Length is 0 or > 8 || !tag.All(char.IsAsciiLetterOrDigit)) || tags[0].Length < 2)
        {
            return null;
        }
        string code = string.Join('-', tags.Select(Written));
        if (named.Length > 1) return named[1].Length > 0 ? new Language(code, named[1], RunsRightToLeft(code)) : null;
        if (Names.Value.TryGetValue(code, out string? whole)) return new Language(code, whole, RunsRightToLeft(code));
        // The tag after the language is a script or a region.
        bool isKnown = Names.Value.TryGetValue(tags[0], out string? bare) && tags.Length > 1
            && tags.Skip(1).All(tag => tag.Length is 2 or 3 or 4);
        return isKnown ? new Language(code, $"{bare} ({code})", RunsRightToLeft(code)) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Code;

    // de, DE, Latn.
    private static string Written(string tag, int at) => at == 0 ? tag.ToLowerInvariant()
        : tag.Length == 4 ? char.ToUpperInvariant(tag[0]) + tag[1..].ToLowerInvariant() : tag.ToUpperInvariant();

    private static string? Suggestion(string text) =>
        Mistaken.Value.GetValueOrDefault(text)
            ?? Known.FirstOrDefault(language => language.Name.Equals(text, StringComparison.OrdinalIgnoreCase))?.Code
            ?? (text.Length > 3 && Nearest.To(text, Known.Select(one => one.Name)) is { } near
                ? Known.First(one => one.Name == near).Code : null);

    private static bool RunsRightToLeft(string code) => Data.Value["rightToLeft"]!.AsArray()
        .Any(known => code.Split('-')[0] == known!.GetValue<string>());

    private static Dictionary<string, string> TextsOf(string field) => Data.Value[field]!.AsObject()
        .ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.OrdinalIgnoreCase);
}
