using System.Collections;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes searches that the typed model supports.</summary>
internal sealed class GroundingCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        ModelOf(bound).Grounding.Select(search =>
            new Candidate(search, CatalogOf(bound).FindTool(search)?.Description ?? search));
}
