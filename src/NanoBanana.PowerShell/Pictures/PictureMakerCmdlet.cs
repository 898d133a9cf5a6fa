using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes pictures of pictures, and saves them where it is told.</summary>
public abstract class PictureMakerCmdlet : PictureCmdlet
{
    private readonly SaveSession _own = new();

    /// <summary>The folder to save in, under names made of the sources'.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>The file to save in, within -Destination where that is given; numbered where it is taken.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The format that -OutFile's name asks for; null when it asks for none that can be written.</summary>
    private protected string? NamedFormat =>
        NameOf(PictureFormat.OfExtension(System.IO.Path.GetExtension(OutFile) ?? ""));

    /// <summary>What -Format calls a format; null for one that cannot be written.</summary>
    private protected static string? NameOf(PictureFormat? format) =>
        format == PictureFormat.Png ? "png" : format == PictureFormat.Jpeg ? "jpeg" : format == PictureFormat.Webp
            ? "webp" : null;

    /// <summary>Saves a picture where -OutFile or -Destination say, and emits it; without them it is only
    /// emitted.</summary>
    private protected void Emit(NbImage image, string stem)
    {
        NbImage saved = image;
        if ((OutFile ?? Destination) is { } typed)
        {
            string path = "";
            string? folder = null;
            if (!Try(() => folder = Paths.FullOrNull(Destination), typed)) return;
            if (!Try(() =>
                path = Paths.In(folder, OutFile)
                ?? System.IO.Path.Combine(folder!, stem + image.Format.Extension), typed))
            {
                return;
            }
            if (!Approved(path, "Save picture", Force)) return;
            if (Try(() => saved = ImageFile.Save(image, path, Force, _own), path) && OutFile is not null)
            {
                ExtensionWarning.Write(this, OutFile, saved);
            }
        }
        WriteObject(saved);
    }
}
