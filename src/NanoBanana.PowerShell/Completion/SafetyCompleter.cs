using System.Collections;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Thresholds for every category, then for each.</summary>
internal sealed class SafetyCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        SafetySettings.Thresholds.Select(threshold => new Candidate(threshold, $"{threshold} for every category"))
            .Concat(SafetySettings.Categories.SelectMany(_ => SafetySettings.Thresholds, (category, threshold) =>
                new Candidate($"{category}={threshold}")));
}
