using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>Measures the difference of two pictures, and whether one is only shifted.</summary>
internal static class PictureComparer
{
    // A shift is looked for up to this share of a side, first in a small picture.
    private const double FarthestShift = 0.1;
    private const int CoarseSide = 192;
    private const int Gap = 12;
    private const int Band = 30;

    /// <summary>Compares; both are resized in place.</summary>
    public static PictureComparison Compare(Image<Rgba32> before, Image<Rgba32> after, CompareOptions options)
    {
        bool sameRatio = Math.Abs(((double)before.Width / before.Height) - ((double)after.Width / after.Height)) < 0.01;
        int original = before.Width;
        double scale = Math.Min(1, (double)options.Side / Math.Max(before.Width, before.Height));
        var size = new Size(Math.Max(1, (int)Math.Round(before.Width * scale)),
            Math.Max(1, (int)Math.Round(before.Height * scale)));
        Plane first = Plane.Of(before, size), second = Plane.Of(after, size);
        (int shiftX, int shiftY) = Shift(before, after, first, second);
        float[] apart = first.DistancesTo(second, 0, 0);
        double changed = Share(apart, options.Threshold);
        double unshifted = shiftX == 0
            && shiftY == 0 ? changed : Share(first.DistancesTo(second, shiftX, shiftY), options.Threshold);
        double enlarged = (double)original / size.Width;
        return new PictureComparison
        {
            Changed = changed,
            Distance = Math.Clamp(1 - first.SimilarityTo(second), 0, 1),
            ShiftX = (int)Math.Round(shiftX * enlarged),
            ShiftY = (int)Math.Round(shiftY * enlarged),
            ChangedUnshifted = unshifted,
            SameRatio = sameRatio,
            Sheet = Draw(before, after, apart, size, changed),
        };
    }

    private static double Share(float[] apart, double threshold) =>
        apart.Length == 0 ? 0 : (double)apart.Count(distance => distance > threshold) / apart.Length;

    // Coarse first, then fine around the best: the whole search costs less than one full comparison of all shifts.
    private static (int X, int Y) Shift(Image<Rgba32> before, Image<Rgba32> after, Plane first, Plane second)
    {
        double scale = Math.Min(1, (double)CoarseSide / Math.Max(first.Width, first.Height));
        var size = new Size(Math.Max(1, (int)(first.Width * scale)), Math.Max(1, (int)(first.Height * scale)));
        Plane small = Plane.Of(before.Clone(), size, dispose: true),
            smallAfter = Plane.Of(after.Clone(), size, dispose: true);
        int reach = (int)(FarthestShift * Math.Max(size.Width, size.Height));
        (int x, int y) = Best(small, smallAfter, 0, 0, reach, 1);
        if (x == 0 && y == 0) return (0, 0);
        int around = (int)Math.Ceiling(1 / scale);
        (x, y) = Best(first, second, (int)Math.Round(x / scale), (int)Math.Round(y / scale), around, 3);
        // A shift that explains little is ignored, because a changed picture has a best shift too.
        return first.LightnessApart(second, x, y, 3) < 0.6 * first.LightnessApart(second, 0, 0, 3) ? (x, y) : (0, 0);
    }

    private static (int X, int Y) Best(Plane first, Plane second, int middleX, int middleY, int reach, int step)
    {
        (int X, int Y) best = (middleX, middleY);
        double least = first.LightnessApart(second, middleX, middleY, step);
        for (int y = middleY - reach; y <= middleY + reach; y++)
        {
            for (int x = middleX - reach; x <= middleX + reach; x++)
            {
                double apart = first.LightnessApart(second, x, y, step);
                if (apart >= least) continue;
                least = apart;
                best = (x, y);
            }
        }
        return best;
    }

    private static PictureResult Draw(Image<Rgba32> before, Image<Rgba32> after, float[] apart, Size size,
        double changed)
    {
        using var map = new Image<Rgba32>(size.Width, size.Height);
        after.ProcessPixelRows(map, (from, to) =>
        {
            for (int y = 0; y < size.Height; y++)
            {
                Span<Rgba32> seen = from.GetRowSpan(y), drawn = to.GetRowSpan(y);
                for (int x = 0; x < size.Width; x++)
                {
                    // A pale ghost of the picture, red where it changed.
                    int gray = 150 + (((seen[x].R * 3) + (seen[x].G * 6) + seen[x].B) / 10 * 90 / 255);
                    float share = Math.Min(1, apart[(y * size.Width) + x] / 0.25f);
                    drawn[x] = new Rgba32(
                        (byte)(gray + (share * (214 - gray))), (byte)(gray * (1 - share) + (share * 20)),
                            (byte)(gray * (1 - share) + (share * 40)));
                }
            }
        });
        using var sheet =
            new Image<Rgba32>((size.Width * 3) + (Gap * 4), size.Height + Gap + Band, new Rgba32(0xF5, 0xF4, 0xF0));
        (Image<Rgba32> Picture, string Caption)[] panels =
            [(before, "before"), (after, "after"),
                (map, FormattableString.Invariant($"{changed * 100:0.0} % changed"))];
        for (int i = 0; i < panels.Length; i++)
        {
            int x = Gap + (i * (size.Width + Gap));
            sheet.Mutate(edit => edit.DrawImage(panels[i].Picture, new Point(x, Band), 1));
            BitmapFont.Draw(sheet, panels[i].Caption, x, 8, 2, new Rgba32(0x1C, 0x1A, 0x15), size.Width);
        }
        return PictureConverter.Encode(sheet, "png");
    }
}
