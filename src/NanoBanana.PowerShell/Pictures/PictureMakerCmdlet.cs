using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that make pictures from pictures and save them.</summary>
public abstract class PictureMakerCmdlet : PictureCmdlet
{
    private readonly SaveSession _own = new();

    /// <summary>The folder to save in, with names made from the sources'.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>The file to save in, within -Destination where that is given. A name that is taken is refused, unless
    /// -Force replaces the file; several pictures are numbered.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The format to write: that of -Format, or of -OutFile's extension; null for neither.</summary>
    /// <param name="typed">The value of -Format; null for none.</param>
    /// <param name="possible">The formats that can be written.</param>
    /// <exception cref="NbException">The extension is of another format.</exception>
    private protected string? FormatOf(string? typed, params string[] possible)
    {
        if (string.IsNullOrEmpty(OutFile)) return typed;
        string extension = System.IO.Path.GetExtension(OutFile);
        PictureFormat? format = PictureFormat.OfExtension(extension);
        if (format is null)
        {
            // Whether it is the extension of a known format.
            new SaveTarget(Paths.Full(OutFile), Folder: null, Force: true, _own).CheckName();
            return typed;
        }
        string? named = NameOf(format);
        string[] accepted = typed is null ? possible : [typed];
        if (named is not null && accepted.Contains(named)) return named;
        throw FileErrors.UnsupportedExtension(OutFile, extension, string.Join(" or ", accepted.Select(name =>
            name == "jpeg" ? ".jpg" : "." + name)));
    }

    /// <summary>The name of a format in -Format; null for one that cannot be written.</summary>
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
            SaveTarget? place = null;
            bool isReady = Try(() =>
            {
                string? folder = Paths.FullOrNull(Destination);
                place = new SaveTarget(Paths.In(folder, OutFile), folder, Force, _own) { Stem = stem };
                place.CheckName(image.Format);
            }, typed);
            if (!isReady) return;
            string path = place!.File ?? System.IO.Path.Combine(place.Folder!, stem + image.Format.Extension);
            if (!Confirmation.Approves(this, path, "Save picture", Force)) return;
            if (Try(() => saved = place.Save(image), path))
            {
                foreach (string warning in saved.Warnings.Except(image.Warnings)) WriteWarning(warning);
            }
        }
        WriteObject(saved);
    }
}
