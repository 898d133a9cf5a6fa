using System.Collections;
using NanoBanana.Judging;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Models that judge pictures.</summary>
internal sealed class JudgeModelCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        JudgeRules rules = ConnectionOf(bound)?.Service.JudgeRules ?? JudgeRules.BuiltIn;
        return rules.Models.Select(id => new Candidate(id, id == rules.DefaultModel ? $"{id} (default)" : id));
    }
}
