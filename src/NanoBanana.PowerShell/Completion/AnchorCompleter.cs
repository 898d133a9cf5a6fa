using System.Collections;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes names of anchors of the typed library and of the session.</summary>
internal sealed class AnchorCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        AnchorLibrary? library = PSValue.Unwrapped(bound["Library"]) is string typed
            && Folder(typed) is { } folder ? new AnchorLibrary(folder) : null;
        IEnumerable<Candidate> inLibrary = library is null ? []
            : library.Names.Select(name => new Candidate(name, $"in {library.Folder}"));
        return inLibrary.Concat(RunspaceState.Current.Anchors.Values.Select(anchor => new Candidate(
            anchor.Name, anchor.Description is null ? anchor.Role.ToString() : $"{anchor.Role}: {anchor.Description}")))
            .DistinctBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase);
    }
}
