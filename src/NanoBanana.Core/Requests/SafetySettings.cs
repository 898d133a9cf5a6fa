using System.Collections.Immutable;
using NanoBanana.Gemini;

namespace NanoBanana.Requests;

/// <summary>Reads safety settings as people write them: a threshold for every category, or
/// CATEGORY=THRESHOLD.</summary>
public static class SafetySettings
{
    private const string Prefix = "HARM_CATEGORY_";

    /// <summary>The categories a single threshold is meant for, without their prefix.</summary>
    public static readonly ImmutableArray<string> Categories =
        ["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"];

    /// <summary>Thresholds known today, strictest last; the service may know others.</summary>
    public static readonly ImmutableArray<string> Thresholds =
        ["OFF", "BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE"];

    /// <summary>Turns the texts into settings; a later one overrides an earlier one of the same category.</summary>
    /// <exception cref="NbException">A text is neither form.</exception>
    public static ImmutableArray<SafetySetting> Parse(IEnumerable<string> texts)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            string[] sides = text.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length > 2 || sides.Any(string.IsNullOrEmpty)) throw RequestErrors.InvalidSafety(text);
            IEnumerable<string> categories = sides.Length == 2 ? [sides[0]] : Categories;
            foreach (string category in categories) settings[FullName(category)] = sides[^1].ToUpperInvariant();
        }
        return [.. settings.Select(setting => new SafetySetting(setting.Key, setting.Value))];
    }

    private static string FullName(string category)
    {
        string upper = category.ToUpperInvariant();
        return upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper : Prefix + upper;
    }
}
