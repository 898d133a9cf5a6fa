using NanoBanana.Extensions.Imaging;
using NanoBanana.Imaging.Composition;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Measures;

/// <summary>Measures pictures. Each measure is taken at a fixed size, so that pictures of any size can be
/// compared.</summary>
internal static class PictureMeter
{
    private const int PaletteSide = 128;

    /// <summary>Measures a picture by itself.</summary>
    public static PictureMeasures Measure(Image<Rgba32> image, long length, MeasureOptions options)
    {
        (double transparent, double translucent) = Transparency(image);
        Lightness light = Lightness.Of(image, Lightness.MeasureSide);
        Palette palette = PaletteOf(image);
        var areas = new AreaMeter(image, light, options.TextColor);
        return new PictureMeasures
        {
            Width = image.Width,
            Height = image.Height,
            Length = length,
            Transparent = transparent,
            Translucent = translucent,
            MeanColor = Colors.ToHex(Colors.ToRgb(palette.Mean, 255)),
            Palette = palette.Described(),
            PaletteDistance = options.Palette.IsDefaultOrEmpty
                ? null
                : palette.DistanceToNearest([.. options.Palette.Select(color => Colors.ToLab(Colors.Parse(color)))]),
            Hash = PerceptualHash.Of(image),
            Sharpness = light.Sharpness(),
            Contrast = light.Contrast(),
            Areas = [.. options.Areas.Select(areas.Measure)],
            Headline = options.Headline is { } size ? areas.Calmest(size.Width, size.Height) : null,
        };
    }

    /// <summary>Measures how far a picture has drifted from another.</summary>
    public static PictureDrift Drift(Image<Rgba32> before, Image<Rgba32> after, DriftOptions options,
        CancellationToken cancellationToken)
    {
        byte[] mask = KeepMask.OfRegions(before.Width, before.Height, options.Except);
        int hash = PerceptualHash.Of(before).DistanceTo(PerceptualHash.Of(after));
        double sharp = Lightness.Of(before, Lightness.MeasureSide).Sharpness(),
            sharpAfter = Lightness.Of(after, Lightness.MeasureSide).Sharpness();
        using Image<Rgba32> laid =
            Overlay.Lay(before, after, mask, options.Align, out PictureAlignment alignment, cancellationToken);
        OutsideDrift drift = OutsideDrift.Of(before, laid, mask);
        Palette palette = PaletteOf(before, mask), paletteAfter = PaletteOf(laid, mask);
        return new PictureDrift
        {
            MeanError = drift.MeanError,
            ColorDrift = palette.Mean.DistanceTo(paletteAfter.Mean),
            PaletteDistance = palette.DistanceTo(paletteAfter),
            HashDistance = hash,
            SharpnessRatio = sharp == 0 ? (sharpAfter == 0 ? 1 : double.PositiveInfinity) : sharpAfter / sharp,
            Alignment = alignment,
        };
    }

    // Every n-th pixel as it is: shrinking would mix colors that are nowhere in the picture.
    private static Palette PaletteOf(Image<Rgba32> image, byte[]? mask = null)
    {
        int step = Math.Max(1, Math.Max(image.Width, image.Height) / PaletteSide);
        var colors = new List<Lab>();
        image.ProcessPixelRows(rows =>
        {
            for (int y = step / 2; y < rows.Height; y += step)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                for (int x = step / 2; x < row.Length; x += step)
                {
                    if (row[x].A >= 128 && mask?[(y * row.Length) + x] is null or 0) colors.Add(Colors.ToLab(row[x]));
                }
            }
        });
        return new Palette(colors);
    }

    private static (double Clear, double Partly) Transparency(Image<Rgba32> image)
    {
        long clear = 0, partly = 0;
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                {
                    if (pixel.A == 0) clear++;
                    else if (pixel.A < 255) partly++;
                }
            }
        });
        double all = (double)image.Width * image.Height;
        return (clear / all, partly / all);
    }
}
