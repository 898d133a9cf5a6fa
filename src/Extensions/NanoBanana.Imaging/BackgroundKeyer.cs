using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging;

/// <summary>Makes a key color transparent: fully inside, softly at the edges, with the key color removed from the
/// remaining pixels.</summary>
internal static class BackgroundKeyer
{
    // Half of the key's hue circle is 60 degrees to either side: beyond it a color is the subject's own.
    private const float SameHue = 0.5f;
    private const float Neutral = 0.08f;

    /// <summary>Keys a picture out in place and encodes it.</summary>
    public static KeyedPicture KeyOut(Image<Rgba32> image, KeyOptions options)
    {
        int width = image.Width, height = image.Height;
        Rgba32 key = options.Color is { } given ? Colors.Parse(given) : BorderColor(image);
        byte[] alpha = Matte(image, key, options);
        // A gray or white key may also be in the subject, so only areas connected with the border are background.
        Lab keyLab = Colors.ToLab(key);
        if (Chroma(keyLab) < Neutral) KeepInside(alpha, width, height);
        int band = Math.Max(3, Math.Min(width, height) / 160);
        byte[] distance = DistanceField.ToZero(alpha, width, height, band + 1);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < height; y++)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                for (int x = 0; x < width; x++)
                {
                    int at = (y * width) + x;
                    // Pixels away from the background are not changed, because a subject may have a color near the key.
                    if (distance[at] <= band) row[x] = Mended(row[x], alpha[at], key, keyLab, (float)options.Despill);
                }
            }
        });
        int clear = alpha.Count(value => value == 0);
        return new KeyedPicture(
            PictureConverter.Encode(image, options.Format), Colors.ToHex(key), (double)clear / alpha.Length,
                BorderShare(alpha, width, height));
    }

    private static byte[] Matte(Image<Rgba32> image, Rgba32 key, KeyOptions options)
    {
        Lab keyLab = Colors.ToLab(key);
        byte[] alpha = new byte[image.Width * image.Height];
        int at = 0;
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                {
                    double beyond = Colors.ToLab(pixel).DistanceTo(keyLab) - options.Tolerance;
                    double share = options.Softness > 0 ? Math.Clamp(beyond / options.Softness, 0, 1) : beyond > 0 ? 1
                        : 0;
                    alpha[at++] = (byte)Math.Round(Math.Min(pixel.A, share * share * (3 - (2 * share)) * 255));
                }
            }
        });
        return alpha;
    }

    private static Rgba32 Mended(Rgba32 pixel, byte alpha, Rgba32 key, Lab keyLab, float despill)
    {
        if (alpha == 0) return new Rgba32(0, 0, 0, 0);
        float share = alpha / 255f;
        // A visible pixel is the subject blended with the key, so the key's part is removed.
        var own = new Rgba32(Unmixed(pixel.R, key.R, share), Unmixed(pixel.G, key.G, share),
            Unmixed(pixel.B, key.B, share));
        Lab lab = Colors.ToLab(own);
        float keyChroma = Chroma(keyLab), chroma = Chroma(lab);
        if (keyChroma > 0.02f && chroma > 0.001f)
        {
            float ka = keyLab.A / keyChroma, kb = keyLab.B / keyChroma;
            float along = (lab.A * ka) + (lab.B * kb);
            if (along > SameHue * chroma)
            {
                lab = lab with { A = lab.A - (ka * along * despill), B = lab.B - (kb * along * despill) };
            }
        }
        return Colors.ToRgb(lab, alpha);
    }

    private static float Chroma(Lab lab) => MathF.Sqrt((lab.A * lab.A) + (lab.B * lab.B));

    // Flood fill from the border; unreached pixels become opaque again.
    private static void KeepInside(byte[] alpha, int width, int height)
    {
        bool[] reached = new bool[alpha.Length];
        var next = new Stack<int>();
        for (int x = 0; x < width; x++)
        {
            Reach(x);
            Reach(((height - 1) * width) + x);
        }
        for (int y = 0; y < height; y++)
        {
            Reach(y * width);
            Reach((y * width) + width - 1);
        }
        while (next.TryPop(out int at))
        {
            int x = at % width;
            if (x > 0) Reach(at - 1);
            if (x < width - 1) Reach(at + 1);
            if (at >= width) Reach(at - width);
            if (at < alpha.Length - width) Reach(at + width);
        }
        for (int at = 0; at < alpha.Length; at++)
        {
            if (!reached[at]) alpha[at] = 255;
        }

        void Reach(int at)
        {
            if (reached[at] || alpha[at] == 255) return;
            reached[at] = true;
            next.Push(at);
        }
    }

    private static byte Unmixed(byte seen, byte key, float share) =>
        (byte)Math.Clamp(((seen - ((1 - share) * key)) / share) + 0.5f, 0, 255);

    // The most frequent color of the border, averaged over similar ones.
    private static Rgba32 BorderColor(Image<Rgba32> image)
    {
        var groups = new Dictionary<int, (int Count, long R, long G, long B)>();
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                bool whole = y == 0 || y == rows.Height - 1;
                for (int x = 0; x < row.Length; x += whole ? 1 : Math.Max(1, row.Length - 1))
                {
                    Rgba32 pixel = row[x];
                    int group = (pixel.R >> 4 << 8) | (pixel.G >> 4 << 4) | (pixel.B >> 4);
                    (int count, long r, long g, long b) = groups.GetValueOrDefault(group);
                    groups[group] = (count + 1, r + pixel.R, g + pixel.G, b + pixel.B);
                }
            }
        });
        (int total, long red, long green, long blue) = groups.Values.MaxBy(group => group.Count);
        return new Rgba32((byte)(red / total), (byte)(green / total), (byte)(blue / total));
    }

    private static double BorderShare(byte[] alpha, int width, int height)
    {
        int clear = 0, all = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x += y == 0 || y == height - 1 ? 1 : Math.Max(1, width - 1), all++)
            {
                if (alpha[(y * width) + x] == 0) clear++;
            }
        }
        return (double)clear / all;
    }
}
