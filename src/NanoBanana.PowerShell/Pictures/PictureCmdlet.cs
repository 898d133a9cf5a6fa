using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that use the imaging extension on images in any form.</summary>
public abstract class PictureCmdlet : GivenImageCmdlet
{
    /// <summary>The extension; a missing one ends the pipeline, because it is missing for every image.</summary>
    private protected IImaging Imaging => Demand(() => ImagingExtension.Current.Value);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((_, NbImage image) in GivenImages) ProcessImage(image);
    }

    /// <summary>Runs for every image that comes in.</summary>
    private protected abstract void ProcessImage(NbImage image);

    /// <summary>Runs work on another thread, so that Ctrl+C ends the wait at once; a failure is reported.</summary>
    /// <returns>Whether it completed.</returns>
    private protected bool TryWork<T>(Func<T> work, object target, out T? result)
    {
        T? got = default;
        bool done = Try(() => got = Await(Task.Run(work, Stopped)), target);
        result = got;
        return done;
    }

    /// <summary>Name of an image's file without extension, or one made of its prompt.</summary>
    private protected static string StemOf(NbImage image) =>
        System.IO.Path.GetFileNameWithoutExtension(image.Path) ?? ImageFile.StemFor(image);
}
