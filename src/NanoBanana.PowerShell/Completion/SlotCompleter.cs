using System.Collections;
using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Prompts;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes slots of the typed template as name=, then example values; filled slots are left out.</summary>
internal sealed class SlotCompleter : WordCompleter
{
    protected override IEnumerable<CompletionResult> Results(string typed, IDictionary bound)
    {
        // The word being typed does not count as filled.
        string word = Split(typed).Word;
        object[] others = PSValue.Unwrapped(bound["Value"]) is object[] values
            ? [.. values.Where(value => PSValue.Unwrapped(value) as string != word)] : [];
        return base.Results(typed, new Hashtable(bound) { ["Value"] = others });
    }

    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        if (PSValue.Unwrapped(bound["Template"]) is not string name) return [];
        PromptTemplate template = TemplateCompleter.LibraryOf(bound).Find(name);
        string[] filled =
            [.. ((object[])bound["Value"]!).Select(value => PSValue.Unwrapped(value)?.ToString()?.Split('=')[0] ?? "")];
        PromptSlot[] open =
            [.. template.Slots.Where(slot => !filled.Contains(slot.Name, StringComparer.OrdinalIgnoreCase))];
        return open.OrderByDescending(slot => slot.IsRequired)
            .Select(slot => new Candidate($"{slot.Name}=", Describe(slot)))
            .Concat(open.SelectMany(slot => slot.Examples, (slot, example) => new Candidate($"{slot.Name}={example}")));
    }

    private static string Describe(PromptSlot slot) =>
        $"{slot.Description ?? slot.Name} ({(slot.IsRequired ? "required" : slot.Default!.Length == 0 ? "optional" : $"else: {slot.Default}")})";
}
