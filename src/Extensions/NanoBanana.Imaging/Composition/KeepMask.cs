using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging.Composition;

/// <summary>A byte per pixel: 0 for the source, 255 for the result, and blended in between.</summary>
internal static class KeepMask
{
    /// <summary>255 inside any of the regions.</summary>
    public static byte[] OfRegions(int width, int height, IEnumerable<PixelRegion> regions)
    {
        var mask = new byte[width * height];
        foreach (PixelRegion region in regions)
        {
            for (int y = region.Y; y < region.Y + region.Height; y++)
            {
                mask.AsSpan((y * width) + region.X, region.Width).Fill(255);
            }
        }
        return mask;
    }

    // A jpeg has neither pure black nor pure white.
    private const int Tolerance = 15;

    /// <summary>The lightness of a picture, scaled; transparent parts count as black.</summary>
    public static byte[] OfPicture(Image<Rgba32> picture, Size size)
    {
        picture.Mutate(edit =>
            edit.BackgroundColor(Color.Black).Resize(size, KnownResamplers.Triangle, compand: false));
        var mask = new byte[size.Width * size.Height];
        picture.ProcessPixelRows(rows =>
        {
            int at = 0;
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                {
                    int light = ((pixel.R * 299) + (pixel.G * 587) + (pixel.B * 114)) / 1000;
                    mask[at++] = light <= Tolerance ? (byte)0 : light >= 255 - Tolerance ? (byte)255 : (byte)light;
                }
            }
        });
        return mask;
    }

    /// <summary>Softens its edges inwards: pixels that were 0 stay 0.</summary>
    /// <param name="mask">The mask, which is changed.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="seam">Over how many pixels, 0 to 253.</param>
    public static void Soften(byte[] mask, int width, int height, int seam)
    {
        if (seam == 0) return;
        byte[] distance = DistanceField.ToZero(mask, width, height, seam + 1);
        for (int at = 0; at < mask.Length; at++)
        {
            if (distance[at] > seam) continue;
            double share = (double)distance[at] / (seam + 1);
            mask[at] = (byte)Math.Round(mask[at] * share * share * (3 - (2 * share)));
        }
    }

    /// <summary>Enlarges areas of 255 by some pixels, 0 to 253.</summary>
    public static void Grow(byte[] mask, int width, int height, int by)
    {
        for (int at = 0; at < mask.Length; at++) mask[at] = (byte)(255 - mask[at]);
        byte[] distance = DistanceField.ToZero(mask, width, height, by + 1);
        for (int at = 0; at < mask.Length; at++) mask[at] = distance[at] <= by ? (byte)255 : (byte)0;
    }
}
