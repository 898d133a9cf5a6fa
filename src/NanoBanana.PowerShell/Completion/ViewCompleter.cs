using System.Collections;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Views of a character sheet that have a wording; any other words will do too.</summary>
internal sealed class ViewCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        PromptComposer composer = ConnectionOf(bound)?.Service.Composer ?? PromptComposer.BuiltIn;
        return composer.SheetViews.Select(view => new Candidate(view, composer.ComposeView("...", view)));
    }
}
