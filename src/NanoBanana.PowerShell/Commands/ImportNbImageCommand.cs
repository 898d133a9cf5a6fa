using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Brings images back with the conversations that made them; a picture without a sidecar comes as a foreign one.</summary>
[Cmdlet(VerbsData.Import, "NbImage", DefaultParameterSetName = PathSet)]
[OutputType(typeof(NbImage))]
public sealed class ImportNbImageCommand : NbCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Paths of images or folders; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of images or folders, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string typed in literal ? LiteralPath : Path)
        {
            IEnumerable<string> paths = [];
            if (!Try(() => paths = [.. Expand(typed, literal)], typed)) continue;
            foreach (string path in paths)
            {
                NbImage? image = null;
                if (Try(() => image = ImageFolder.Import(path), path)) WriteObject(image);
            }
        }
    }

    // A folder or a wildcard means the pictures in it; only a file that is named outright must be one.
    private IEnumerable<string> Expand(string typed, bool literal)
    {
        IReadOnlyCollection<string> paths = FullPaths(typed, literal);
        bool named = literal || !WildcardPattern.ContainsWildcardCharacters(typed);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                if (named) foreach (string inside in ImageFolder.List(path)) yield return inside;
            }
            // Of everything in a folder, piped, the sidecars are no pictures of their own: theirs come anyway.
            else if (literal ? !ImageFolder.IsSidecar(path) : named || ImageFolder.HasImageExtension(path))
            {
                yield return path;
            }
        }
    }
}
