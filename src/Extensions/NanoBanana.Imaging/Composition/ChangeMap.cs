using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Composition;

/// <summary>Finds where an edit changed its source, without single pixels and mere drift.</summary>
internal static class ChangeMap
{
    // This many of the surrounding pixels must have changed for a pixel to count.
    private const double Enough = 0.35;

    /// <summary>255 where the picture changed.</summary>
    /// <param name="source">The source.</param>
    /// <param name="laid">The result, aligned with it.</param>
    /// <param name="threshold">Distance in OKLab from which a pixel counts as changed.</param>
    /// <param name="grow">By how many pixels changed areas are enlarged, so that the seam is around them.</param>
    public static byte[] Of(Image<Rgba32> source, Image<Rgba32> laid, double threshold, int grow)
    {
        int width = source.Width, height = source.Height;
        var changed = new int[(width + 1) * (height + 1)];
        source.ProcessPixelRows(laid, (a, b) =>
        {
            for (int y = 0; y < height; y++)
            {
                Span<Rgba32> one = a.GetRowSpan(y), other = b.GetRowSpan(y);
                int line = 0;
                for (int x = 0; x < width; x++)
                {
                    if (Differs(one[x], other[x], threshold)) line++;
                    // A summed-area table, with which the sum of a square takes four look-ups.
                    changed[((y + 1) * (width + 1)) + x + 1] = changed[(y * (width + 1)) + x + 1] + line;
                }
            }
        });
        int reach = Math.Max(1, Math.Max(width, height) / 400);
        var map = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            int top = Math.Max(0, y - reach), bottom = Math.Min(height, y + reach + 1);
            for (int x = 0; x < width; x++)
            {
                int left = Math.Max(0, x - reach), right = Math.Min(width, x + reach + 1);
                int count = changed[(bottom * (width + 1)) + right] - changed[(top * (width + 1)) + right]
                    - changed[(bottom * (width + 1)) + left] + changed[(top * (width + 1)) + left];
                if (count > Enough * (right - left) * (bottom - top)) map[(y * width) + x] = 255;
            }
        }
        KeepMask.Grow(map, width, height, grow);
        return map;
    }

    private static bool Differs(Rgba32 one, Rgba32 other, double threshold) =>
        Math.Abs(one.A - other.A) > 255 * threshold
        || (Math.Abs(one.R - other.R) + Math.Abs(one.G - other.G) + Math.Abs(one.B - other.B) > 6
            && Colors.ToLab(one).DistanceTo(Colors.ToLab(other)) > threshold);
}
