using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Measures;

/// <summary>The hash of a picture's lowest frequencies (pHash: Zauner 2010): it hardly changes when a picture is
/// resized, compressed or brightened.</summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Kept = 8;

    private static readonly double[,] Waves = MakeWaves();

    /// <summary>The hash.</summary>
    public static PictureHash Of(Image<Rgba32> image)
    {
        Lightness light = Lightness.Of(image, new Size(Side, Side));
        // Lines first, then columns; the mean itself, which only tells how light the picture is, is left out.
        var lines = new double[Side, Kept];
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Kept; u++)
            {
                for (int x = 0; x < Side; x++) lines[y, u] += light[x, y] * Waves[u + 1, x];
            }
        }
        var found = new double[Kept * Kept];
        for (int v = 0; v < Kept; v++)
        {
            for (int u = 0; u < Kept; u++)
            {
                for (int y = 0; y < Side; y++) found[(v * Kept) + u] += lines[y, u] * Waves[v + 1, y];
            }
        }
        double[] sorted = [.. found.Order()];
        double median = (sorted[31] + sorted[32]) / 2;
        ulong bits = 0;
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] > median) bits |= 1UL << i;
        }
        return new PictureHash(bits);
    }

    private static double[,] MakeWaves()
    {
        var waves = new double[Kept + 1, Side];
        for (int u = 0; u <= Kept; u++)
        {
            for (int x = 0; x < Side; x++) waves[u, x] = Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * Side));
        }
        return waves;
    }
}
