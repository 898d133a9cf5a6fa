using System.Collections;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of the anchors that are set.</summary>
internal sealed class AnchorCompleter : Completer
{
    internal override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        RunspaceState.Current.Anchors.Values.Select(anchor => new Candidate(
            anchor.Name, anchor.Description is null ? anchor.Role.ToString() : $"{anchor.Role}: {anchor.Description}"));
}
