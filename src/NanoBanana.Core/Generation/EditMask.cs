using NanoBanana.Extensions.Imaging;
using NanoBanana.Pictures;

namespace NanoBanana.Generation;

/// <summary>Reads a mask: white where the source may change, black where it may not.</summary>
internal static class EditMask
{
    // Pixels up to this lightness count as black, because a JPEG has no pure black.
    private const int Tolerance = 15;

    // Fine enough for a mask around one letter.
    private const int Side = 256;

    // The mask is scaled, so only its shape must match.
    private const double ShapeTolerance = 0.02;

    /// <summary>Refuses an unusable mask before the edit is paid for.</summary>
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
            // Transparent pixels count as black.
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
