using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes pictures of pictures, and saves them where it is told.</summary>
public abstract class PictureMakerCmdlet : PictureCmdlet
{
    private readonly SaveSession _own = new();

    /// <summary>The folder to save in, under names made of the sources'.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>The file to save in, within -Destination where that is given. A name that is taken is refused, unless
    /// -Force replaces the file; several pictures are numbered.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The format to write: what is typed, or what -OutFile's extension says; null when neither
    /// says.</summary>
    /// <param name="typed">As -Format has it; null for none.</param>
    /// <param name="possible">What can be written.</param>
    /// <exception cref="NbException">The extension is of another format.</exception>
    private protected string? FormatOf(string? typed, params string[] possible)
    {
        if (string.IsNullOrEmpty(OutFile)) return typed;
        string extension = System.IO.Path.GetExtension(OutFile);
        PictureFormat? format = PictureFormat.OfExtension(extension);
        if (format is null)
        {
            // Whether it is the extension of a format at all.
            new SaveTarget(Paths.Full(OutFile), Folder: null, Force: true, _own).CheckName();
            return typed;
        }
        string? named = NameOf(format);
        string[] accepted = typed is null ? possible : [typed];
        if (named is not null && accepted.Contains(named)) return named;
        throw FileErrors.UnsupportedExtension(OutFile, extension, string.Join(" or ", accepted.Select(name =>
            name == "jpeg" ? ".jpg" : "." + name)));
    }

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
