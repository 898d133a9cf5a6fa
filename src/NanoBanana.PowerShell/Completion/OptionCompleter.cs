using System.Collections;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes values that the typed model accepts for an option of the table.</summary>
internal sealed class OptionCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        RequestOptionTable.All.Single(option => option.Parameter == Parameter).WordsOf(ModelOf(bound))
            .Select(word => new Candidate(word));
}
