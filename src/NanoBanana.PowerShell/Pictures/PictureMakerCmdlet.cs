using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes pictures of pictures, and saves them where it is told.</summary>
public abstract class PictureMakerCmdlet : PictureCmdlet
{
    /// <summary>The folder to save in, under names made of the sources'.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>The file to save in; numbered where it is taken.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Saves a picture where -OutFile or -Destination say, and emits it; without them it is only emitted.</summary>
    private protected void Emit(NbImage image, string stem)
    {
        NbImage saved = image;
        if ((OutFile ?? Destination) is { } typed)
        {
            string path = "";
            if (!Try(() => path = OutFile is null ? System.IO.Path.Combine(FullPath(typed), stem + image.Format.Extension) : FullPath(typed), typed)) return;
            if (!Approved(path, "Save picture", Force)) return;
            Try(() => saved = ImageFolder.Save(image, path, Force), path);
        }
        WriteObject(saved);
    }
}
