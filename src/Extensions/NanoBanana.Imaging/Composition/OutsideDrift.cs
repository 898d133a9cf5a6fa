using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Composition;

/// <summary>How a picture differs from another where a mask says that it should not.</summary>
/// <param name="MeanError">Mean difference of a channel, in levels of 0 to 255.</param>
/// <param name="Changed">Share of those pixels that differ visibly, 0 to 1.</param>
/// <param name="Red">Mean of the first less the second, in levels; likewise the others.</param>
/// <param name="Green">See red.</param>
/// <param name="Blue">See red.</param>
internal readonly record struct OutsideDrift(double MeanError, double Changed, double Red, double Green, double Blue)
{
    /// <summary>Measures it over all pixels whose mask is 0.</summary>
    public static OutsideDrift Of(Image<Rgba32> first, Image<Rgba32> second, byte[] mask, double threshold = 0.06)
    {
        long count = 0, changed = 0, error = 0, red = 0, green = 0, blue = 0;
        first.ProcessPixelRows(second, (a, b) =>
        {
            for (int y = 0; y < a.Height; y++)
            {
                Span<Rgba32> one = a.GetRowSpan(y), other = b.GetRowSpan(y);
                for (int x = 0; x < one.Length; x++)
                {
                    if (mask[(y * one.Length) + x] != 0) continue;
                    (int r, int g, int blueApart) =
                        (one[x].R - other[x].R, one[x].G - other[x].G, one[x].B - other[x].B);
                    (count, red, green, blue) = (count + 1, red + r, green + g, blue + blueApart);
                    int apart = Math.Abs(r) + Math.Abs(g) + Math.Abs(blueApart);
                    error += apart;
                    if (apart > 6 && Colors.ToLab(one[x]).DistanceTo(Colors.ToLab(other[x])) > threshold) changed++;
                }
            }
        });
        if (count == 0) return default;
        double all = count;
        return new OutsideDrift(error / all / 3, changed / all, red / all, green / all, blue / all);
    }
}
