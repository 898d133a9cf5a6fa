using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Saves images as the service sent them, with what they remember beside them.</summary>
[Cmdlet(VerbsData.Save, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = DestinationSet)]
[OutputType(typeof(NbImage), typeof(NbText))]
public sealed class SaveNbImageCommand : NbCmdlet
{
    private const string DestinationSet = "Destination";
    private const string PathSet = "Path";

    private readonly SaveSession _own = new();

    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The file; numbered where it is taken, its extension made to fit the bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    public string Path { get; set; } = "";

    /// <summary>The folder, created when missing; names are made of the prompts. A name that ends as a picture's does
    /// is the file, as with -Path.</summary>
    [Parameter(Position = 0, ParameterSetName = DestinationSet)]
    public string Destination { get; set; } = ".";

    /// <summary>Replace files that are there, and do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string target = "";
        IReadOnlyList<NbImage> images = [];
        if (!Try(() => target = ParameterSetName == PathSet ? Paths.In(folder: null, Path)! : Paths.Full(Destination))
            || !Try(() => images = ImagesOf(InputObject), InputObject))
        {
            return;
        }
        // Who types "Save-NbImage fox.png" wants no folder of that name.
        foreach (NbImage image in images)
        {
            bool isFile = ParameterSetName == PathSet || (IsNamed(target, image) && !Directory.Exists(target));
            string place = isFile ? $"as {target}" : $"in {target} as {ImageFile.StemFor(image)}";
            string what =
                $"Save {image} ({image.MimeType}, {Readable.Bytes(image.Length)}) and its conversation {place}";
            if (!ApprovedSentence(what, "Save images", Force)) continue;
            var file = new SaveTarget(isFile ? target : null, target, Force, _own);
            NbImage saved = image;
            if (!Try(() => saved = file.Save(image), target)) continue;
            if (isFile) ExtensionWarning.Write(this, target, saved);
            WriteObject(saved);
        }
    }

    private static bool IsNamed(string target, NbImage image) => ImageFile.HasImageExtension(target)
        || (image is NbText && string.Equals(System.IO.Path.GetExtension(target), image.Format.Extension,
            StringComparison.OrdinalIgnoreCase));
}
