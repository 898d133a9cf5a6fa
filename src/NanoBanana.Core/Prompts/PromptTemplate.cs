using System.Text.RegularExpressions;

namespace NanoBanana.Prompts;

/// <summary>A prompt for a certain kind of picture: sentences with slots.</summary>
public sealed partial record PromptTemplate
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>generate or edit: whether it describes a new picture or a change to one.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is for; it may name options (<see cref="WordList"/>).</summary>
    public required string Description { get; init; }

    /// <summary>The sentences, with {slots}. A sentence whose optional slot is empty is left out.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>The slots, in the order of the text.</summary>
    public required IReadOnlyList<PromptSlot> Slots { get; init; }

    /// <summary>Options that suit it, by name (<see cref="WordList"/>); null for none in particular.</summary>
    public string? Advice { get; init; }

    /// <summary>The file it comes from; null for the module's own.</summary>
    public string? Path { get; init; }

    /// <summary>The sentences as one text.</summary>
    public string Text => string.Join(' ', Sentences);

    /// <summary>Fills the slots.</summary>
    /// <param name="values">Words by slot; names are compared without regard to case.</param>
    /// <exception cref="NbException">A slot that must be filled is not, or a value belongs to no slot.</exception>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        var given = new Dictionary<string, string>(values, StringComparer.OrdinalIgnoreCase);
        string[] unknown = [.. given.Keys.Where(name => !Slots.Any(slot => Same(slot.Name, name)))];
        if (unknown.Length > 0) throw TemplateErrors.UnknownSlot(this, unknown);

        var words = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (PromptSlot slot in Slots)
        {
            string value = given.GetValueOrDefault(slot.Name)?.Trim() ?? "";
            words[slot.Name] = value.Length > 0 ? value : slot.Default ?? "";
        }
        PromptSlot[] missing = [.. Slots.Where(slot => slot.IsRequired && words[slot.Name].Length == 0)];
        if (missing.Length > 0) throw TemplateErrors.MissingSlot(this, missing);

        return string.Join(' ', Sentences
            .Where(sentence => SlotsOf(sentence).All(name => words[name].Length > 0))
            .Select(sentence =>
            SlotText().Replace(sentence, slot =>
            Fitted(words[slot.Groups[1].Value], sentence.AsSpan(slot.Index + slot.Length)))));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static IEnumerable<string> SlotsOf(string sentence) =>
        SlotText().Matches(sentence).Select(match => match.Groups[1].Value);

    // Avoids two full stops when a value ends with one.
    private static string Fitted(string words, ReadOnlySpan<char> rest) =>
        rest.StartsWith(".") ? words.TrimEnd('.') : words;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\{([\p{L}\p{Nd}_-]+)\}")]
    private static partial Regex SlotText();
}
