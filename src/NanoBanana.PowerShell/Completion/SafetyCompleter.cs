using System.Collections;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Thresholds for every category, then for each.</summary>
internal sealed class SafetyCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        SafetyWords words = CatalogOf(bound).Safety;
        return words.Thresholds.Select(threshold => new Candidate(threshold, $"{threshold} for every category"))
            .Concat(words.Categories.SelectMany(_ => words.Thresholds, (category, threshold) =>
                new Candidate($"{category}={threshold}")));
    }
}
