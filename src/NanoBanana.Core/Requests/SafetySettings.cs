using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>Reads safety settings as people write them: a threshold for every category, or
/// CATEGORY=THRESHOLD.</summary>
public static class SafetySettings
{
    private const string Prefix = "HARM_CATEGORY_";

    /// <summary>Turns the texts into settings; a later one overrides an earlier one of the same category.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="words">What the service knows; a catalog file adds to it.</param>
    /// <exception cref="NbException">A text is neither form, or has a word that is not known.</exception>
    internal static ImmutableArray<SafetySetting> Parse(IEnumerable<string> texts, SafetyWords words)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            string[] sides = text.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length > 2 || sides.Any(string.IsNullOrEmpty)) throw RequestErrors.InvalidSafety(text);
            string threshold = Known(text, sides[^1], words.Thresholds);
            IEnumerable<string> categories = sides.Length == 1 ? words.Categories
                : [Known(text, ShortName(sides[0]), words.Categories.Concat(words.OtherCategories))];
            foreach (string category in categories) settings[Prefix + category] = threshold;
        }
        return [.. settings.Select(setting => new SafetySetting(setting.Key, setting.Value))];
    }

    private static string Known(string text, string word, IEnumerable<string> words) =>
        words.FirstOrDefault(known => known.Equals(word, StringComparison.OrdinalIgnoreCase))
            ?? throw RequestErrors.UnknownSafety(text, word, [.. words]);

    private static string ShortName(string category) =>
        category.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? category[Prefix.Length..] : category;
}
