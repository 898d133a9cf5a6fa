using System.Collections;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Prompts;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of prompt templates, those of the typed folder included.</summary>
internal sealed class TemplateCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        LibraryOf(bound).Templates.Select(template =>
            new Candidate(template.Name, $"{template.Kind}: {ErrorRecords.Words.Say(template.Description)}"));

    internal static PromptLibrary LibraryOf(IDictionary bound) =>
        PromptLibrary.Load(
            (PSValue.Unwrapped(bound["Path"]) is string typed ? Folder(typed) : null) ?? UserFolders.Prompts);
}
