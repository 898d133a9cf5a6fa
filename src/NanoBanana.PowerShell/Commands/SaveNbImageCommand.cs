using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Saves images as the service sent them, with what they remember beside them.</summary>
[Cmdlet(VerbsData.Save, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = DestinationSet)]
[OutputType(typeof(NbImage))]
public sealed class SaveNbImageCommand : NbCmdlet
{
    private const string DestinationSet = "Destination";
    private const string PathSet = "Path";

    private readonly SavedFiles _own = new();

    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The file; numbered where it is taken, its extension made to fit the bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    public string Path { get; set; } = "";

    /// <summary>The folder, created when missing; names are made of the prompts.</summary>
    [Parameter(Position = 0, ParameterSetName = DestinationSet)]
    public string Destination { get; set; } = ".";

    /// <summary>Replace files that are there, and do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private bool IsPath => ParameterSetName == PathSet;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string target = "";
        IReadOnlyList<NbImage> images = [];
        if (!Try(() => target = FullPath(IsPath ? Path : Destination)) || !Try(() => images = ImagesOf(InputObject), InputObject)) return;
        foreach (NbImage image in images)
        {
            if (!ApprovedSentence(Description(image, target), "Save images", Force)) continue;
            NbImage saved = image;
            bool done = Try(() => saved = IsPath ? ImageFolder.Save(image, target, Force, _own) : ImageFolder.SaveIn(image, target, Force, _own), target);
            if (done) WriteObject(saved);
        }
    }

    private string Description(NbImage image, string target) =>
        $"Save {image} ({image.MimeType}, {Readable.Bytes(image.Length)}) and its conversation "
        + (IsPath ? $"as {target}" : $"in {target} as {ImageFolder.StemFor(image)}");
}
