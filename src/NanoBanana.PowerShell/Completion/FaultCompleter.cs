using System.Collections;
using NanoBanana.Emulator.Faults;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of the emulator's faults.</summary>
internal sealed class FaultCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        FaultScript.FaultNames.Select(name => new Candidate(name))
            .OrderBy(candidate => candidate.Text, StringComparer.Ordinal);
}
