using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Saves images as the service sent them, with what they remember beside them.</summary>
[Cmdlet(VerbsData.Save, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = DestinationSet)]
[OutputType(typeof(NbImage), typeof(NbText))]
public sealed class SaveNbImageCommand : NbCmdlet
{
    private const string DestinationSet = "Destination";
    private const string OutFileSet = "OutFile";

    private readonly SaveSession _own = new();

    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The file; its extension is adjusted to the format of the bytes. A name that is taken is refused, unless
    /// -Force replaces the file; several images, and an image that was not saved yet, are numbered.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OutFileSet)]
    [Alias("Path")]
    public string OutFile { get; set; } = "";

    /// <summary>The folder, created when missing; names are made of the prompts. A name with a picture's extension is
    /// the file, as with -OutFile.</summary>
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
        bool isNamed = ParameterSetName == OutFileSet;
        if (!Try(() => target = isNamed ? Paths.In(folder: null, OutFile)! : Paths.Full(Destination))
            || !Try(() => images = Images.Of(InputObject), InputObject))
        {
            return;
        }
        // "Save-NbImage fox.png" names a file, not a folder.
        foreach (NbImage image in images)
        {
            bool isFile = isNamed || (IsNamed(target, image) && !Directory.Exists(target));
            string place = isFile ? $"as {target}" : $"in {target} as {ImageFile.StemFor(image)}";
            string what =
                $"Save {image} ({image.MimeType}, {Readable.Bytes(image.Length)}) and its conversation {place}";
            var file = new SaveTarget(isFile ? target : null, target, Force, _own);
            // An unsaved image was paid for, so it gets a numbered name instead of an error, with a warning.
            bool isHeld = image.Path is not null || image.Conversation is null;
            if (isHeld && !Try(() => file.CheckName(image.Format), image)) continue;
            if (!Confirmation.ApprovesSentence(this, what, "Save images", Force)) continue;
            NbImage saved = image;
            if (!Try(() => saved = file.Save(image), image)) continue;
            foreach (string warning in saved.Warnings.Except(image.Warnings)) WriteWarning(warning);
            WriteObject(saved);
        }
    }

    private static bool IsNamed(string target, NbImage image) => ImageFile.HasImageExtension(target)
        || (image is NbText && string.Equals(Path.GetExtension(target), image.Format.Extension,
            StringComparison.OrdinalIgnoreCase));
}
