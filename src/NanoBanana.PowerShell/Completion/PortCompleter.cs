using System.Collections;
using System.Globalization;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Ports of the emulators that run.</summary>
internal sealed class PortCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) => RunspaceState.Current.Emulators
        .Select(emulator =>
        new Candidate(emulator.Port!.Value.ToString(CultureInfo.InvariantCulture), $"{emulator.BaseUri}"));
}
