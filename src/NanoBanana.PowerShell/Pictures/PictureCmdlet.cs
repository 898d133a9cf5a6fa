using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that looks at pixels: takes images in every form, and asks the imaging extension.</summary>
public abstract class PictureCmdlet : GivenImageCmdlet
{
    /// <summary>The extension; a missing one ends the pipeline, since it would be missing for every image.</summary>
    private protected IImaging Imaging => Demand(() => ImagingExtension.Current.Value);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((_, NbImage image) in GivenImages) ProcessImage(image);
    }

    /// <summary>Runs for every image that comes in.</summary>
    private protected abstract void ProcessImage(NbImage image);

    /// <summary>Works on pixels beside the pipeline's thread, so that Ctrl+C ends the wait at once; a failure is
    /// reported.</summary>
    /// <returns>Whether it came to its end.</returns>
    private protected bool TryWork<T>(Func<T> work, object target, out T? result)
    {
        T? got = default;
        bool done = Try(() => got = Await(Task.Run(work, Stopped)), target);
        result = got;
        return done;
    }

    /// <summary>Name of an image's file without its extension, or words of its prompt.</summary>
    private protected static string StemOf(NbImage image) =>
        System.IO.Path.GetFileNameWithoutExtension(image.Path) ?? ImageFile.StemFor(image);
}
