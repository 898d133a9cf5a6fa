using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Composition;

/// <summary>Composes an edit's result with its source, only in the parts that may change.</summary>
internal static class PictureComposer
{
    // A hundredth of the shorter side: invisible, and narrower than a letter.
    private const int SeamShare = 100;
    private const int WidestSeam = 200;

    // A larger difference is not a drift of color, but another picture.
    private const double MostMatched = 16;

    /// <summary>Composes; the source becomes the composed picture.</summary>
    /// <param name="source">The source.</param>
    /// <param name="result">The model's picture.</param>
    /// <param name="mask">The parts that may change, a byte per pixel; null to use the change map.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ComposedPicture Compose(
        Image<Rgba32> source, Image<Rgba32> result, byte[]? mask, ComposeOptions options,
            CancellationToken cancellationToken)
    {
        int seam = Math.Clamp(options.Seam
            ?? Math.Max(1, Math.Min(source.Width, source.Height) / SeamShare), 0, WidestSeam);
        byte[] nothing = mask ?? new byte[source.Width * source.Height];
        using Image<Rgba32> laid =
            Overlay.Lay(source, result, nothing, options.Align, out PictureAlignment alignment, cancellationToken);
        mask ??= ChangeMap.Of(source, laid, options.Threshold, grow: seam + 1);
        OutsideDrift drift = OutsideDrift.Of(source, laid, mask, options.Threshold);
        KeepMask.Soften(mask, source.Width, source.Height, seam);
        cancellationToken.ThrowIfCancellationRequested();
        Blend(source, laid, mask, options.MatchColor ? drift : default);
        return new ComposedPicture
        {
            Picture = PictureConverter.Encode(source, options.Format),
            Alignment = alignment,
            Kept = (double)mask.Count(value => value == 0) / mask.Length,
            DriftOutside = drift.MeanError,
            ChangedOutside = drift.Changed,
        };
    }

    private static void Blend(Image<Rgba32> source, Image<Rgba32> laid, byte[] mask, OutsideDrift drift)
    {
        int red = Matched(drift.Red), green = Matched(drift.Green), blue = Matched(drift.Blue);
        source.ProcessPixelRows(laid, (to, from) =>
        {
            for (int y = 0; y < to.Height; y++)
            {
                Span<Rgba32> row = to.GetRowSpan(y), other = from.GetRowSpan(y);
                for (int x = 0; x < row.Length; x++)
                {
                    int share = mask[(y * row.Length) + x];
                    if (share == 0) continue;
                    row[x] = new Rgba32(
                        Mixed(row[x].R, other[x].R + red, share), Mixed(row[x].G, other[x].G + green, share),
                        Mixed(row[x].B, other[x].B + blue, share), Mixed(row[x].A, other[x].A, share));
                }
            }
        });

        static int Matched(double drift) => (int)Math.Round(Math.Clamp(drift, -MostMatched, MostMatched));
    }

    private static byte Mixed(byte old, int made, int share) =>
        (byte)(((old * (255 - share)) + (Math.Clamp(made, 0, 255) * share) + 127) / 255);
}
