using System.Collections;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes the predefined views of a character sheet; any other description is accepted too.</summary>
internal sealed class ViewCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        PromptComposer composer = ConnectionOf(bound)?.Service.Composer ?? PromptComposer.BuiltIn;
        return composer.SheetViews.Select(view => new Candidate(view, composer.ComposeView("...", view)));
    }
}
