using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists what lies in the store (.nb) of a folder of images, and which files need it.</summary>
[Cmdlet(VerbsCommon.Get, "NbBlob", DefaultParameterSetName = InputSets.Path)]
[OutputType(typeof(StoredBlob))]
public sealed class GetNbBlobCommand : NbCmdlet
{
    /// <summary>Folders of images, or images, to list the files they need; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = InputSets.Path)]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Folders of images, or images, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = InputSets.LiteralPath)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Only files that nothing in the folder needs any more.</summary>
    [Parameter]
    public SwitchParameter Orphan { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == InputSets.LiteralPath;
        foreach (string typed in literal ? LiteralPath : Path)
        {
            IEnumerable<string> folders = [];
            if (!Try(() => folders = Paths.All(typed, literal), typed)) continue;
            foreach (string folder in folders)
            {
                IReadOnlyList<StoredBlob> found = [];
                if (!Try(() => found = Blobs(folder), folder)) continue;
                WriteObject(found.Where(blob => blob.IsOrphan || !Orphan), enumerateCollection: true);
            }
        }
    }

    private static IReadOnlyList<StoredBlob> Blobs(string path) =>
        File.Exists(path) ? BlobInventory.OfImage(path) : BlobInventory.Of(path);
}
