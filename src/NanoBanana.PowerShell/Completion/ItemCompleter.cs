using System.Collections;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Items of the typed manifest, or else of the batch in the typed folder.</summary>
internal sealed class ItemCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        string? manifest = Given(bound, "Manifest");
        string? folder = Given(bound, "Destination");
        Manifest? items = manifest is not null && File.Exists(manifest) ? Manifest.Load(manifest)
            : folder is not null && Batch.IsAt(folder) ? Batch.Read(folder) : null;
        return items?.Items.Select(item => new Candidate(item.Name, item.Edit ?? item.Prompt ?? item.Name)) ?? [];
    }

    private static string? Given(IDictionary bound, string parameter) =>
        PSValue.Unwrapped(bound[parameter]) is string { Length: > 0 } typed ? Folder(typed) : null;
}
