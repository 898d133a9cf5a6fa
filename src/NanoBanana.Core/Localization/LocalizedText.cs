using System.Collections.Immutable;
using NanoBanana.Prompts;

namespace NanoBanana.Localization;

/// <summary>The lettering of a picture in one language, and the prompt that asks for it.</summary>
/// <param name="Language">The language.</param>
/// <param name="Texts">The lettering, in the order of its keys; never empty.</param>
/// <param name="Original">The texts in the picture now, in the same order; empty when unknown.</param>
public sealed record LocalizedText(Language Language, ImmutableArray<string> Texts, ImmutableArray<string> Original)
{
    /// <summary>Name of the template that is used when none is named.</summary>
    public const string DefaultTemplate = "localize";

    // Each text is enclosed in marks that it does not contain, to show where it begins and ends.
    private static readonly (char Open, char Close)[] Marks =
        [('"', '"'), ('\u201C', '\u201D'), ('\u00AB', '\u00BB'), ('\u300C', '\u300D')];

    /// <summary>The prompt of the edit that writes it.</summary>
    /// <param name="template">A template with a slot {text}; it may have {language}, {code}, {original} and
    /// {direction}.</param>
    /// <exception cref="NbException">The template has no {text}, or another slot that must be filled.</exception>
    public string Order(PromptTemplate template)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["text"] = string.Join("; ", Texts.Select(Quoted)),
            ["language"] = Language.Name,
            ["code"] = Language.Code,
            // The current texts get other marks, because they must not be drawn.
            ["original"] = string.Join("; ", Original.Select(text => $"\u2018{OneLine(text)}\u2019")),
            ["direction"] = Language.IsRightToLeft ? "from right to left" : "",
        };
        if (!template.Slots.Any(slot => slot.Name.Equals("text", StringComparison.OrdinalIgnoreCase)))
        {
            throw LocalizationErrors.TemplateWithoutText(template.Name);
        }
        return template.Fill(values.Where(value => template.Slots.Any(slot =>
            slot.Name.Equals(value.Key, StringComparison.OrdinalIgnoreCase))).ToDictionary());
    }

    private static string Quoted(string text) =>
        string.Join(" / ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line =>
            {
                (char open, char close) = Marks.FirstOrDefault(marks =>
                    !line.Contains(marks.Open, StringComparison.Ordinal)
                    && !line.Contains(marks.Close, StringComparison.Ordinal), Marks[0]);
                return $"{open}{line}{close}";
            }));

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries));
}
