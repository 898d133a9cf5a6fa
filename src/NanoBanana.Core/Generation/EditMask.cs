using NanoBanana.Extensions.Imaging;
using NanoBanana.Pictures;

namespace NanoBanana.Generation;

/// <summary>A mask as it is given: white where the source may change, black where not.</summary>
internal static class EditMask
{
    // What is at most as light counts as black: a jpeg has no pure one.
    private const int Tolerance = 15;

    // Fine enough for a mask of one letter.
    private const int Side = 256;

    // A picture of the same shape may be larger or smaller: it is stretched.
    private const double ShapeTolerance = 0.02;

    /// <summary>Refuses a mask that an edit would be paid for in vain with.</summary>
    /// <exception cref="NbException">It cannot be read, has another shape than the source, or is black or white all
    /// over (Nb.Picture.*).</exception>
    public static void Demand(IImaging imaging, Picture mask, int width, int height)
    {
        RasterPicture small = imaging.Raster(mask.ToSource(), Side, Side);
        if (width > 0 && height > 0 && PictureInfo.Read(mask.Data)?.Size is { Width: > 0, Height: > 0 } size
            && Math.Abs(((double)size.Width / size.Height / ((double)width / height)) - 1) > ShapeTolerance)
        {
            throw PictureErrors.InvalidMask(mask.Name,
                $"has {size.Width}x{size.Height} pixels, another shape than the image with {width}x{height}");
        }
        int darkest = 255, lightest = 0;
        ReadOnlySpan<byte> rgba = small.Rgba.Span;
        for (int at = 0; at < rgba.Length; at += 4)
        {
            // What is transparent counts as black.
            int light = ((rgba[at] * 299) + (rgba[at + 1] * 587) + (rgba[at + 2] * 114)) / 1000 * rgba[at + 3] / 255;
            darkest = Math.Min(darkest, light);
            lightest = Math.Max(lightest, light);
        }
        if (lightest <= Tolerance) throw PictureErrors.InvalidMask(mask.Name, "is black all over: nothing may change");
        if (darkest > Tolerance)
        {
            throw PictureErrors.InvalidMask(mask.Name, "has no black in it: nothing would be copied back");
        }
    }
}
