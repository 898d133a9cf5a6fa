using NanoBanana.Extensions.Imaging;
using NanoBanana.Imaging.Measures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging.Composition;

/// <summary>Aligns a picture with another, so that common parts coincide.</summary>
internal static class Overlay
{
    /// <summary>Aligns a result with its source in a new picture of the source's size. Parts that the result does not
    /// cover show the source.</summary>
    public static Image<Rgba32> Lay(
        Image<Rgba32> source, Image<Rgba32> result, byte[] mask, bool align, out PictureAlignment alignment,
            CancellationToken cancellationToken)
    {
        Image<Rgba32> sized = result.Size() == source.Size()
            ? result.Clone()
            : result.Clone(edit => edit.Resize(source.Size(), KnownResamplers.Lanczos3, compand: false));
        alignment = align
            ? Aligner.Find(Lightness.Of(source), Lightness.Of(sized), mask, cancellationToken)
            : PictureAlignment.Same;
        if (alignment == PictureAlignment.Same) return sized;
        using (sized) return Moved(source, sized, alignment);
    }

    private static Image<Rgba32> Moved(Image<Rgba32> source, Image<Rgba32> from, PictureAlignment alignment)
    {
        Image<Rgba32> moved = source.Clone();
        double middleX = (source.Width - 1) / 2.0, middleY = (source.Height - 1) / 2.0;
        from.ProcessPixelRows(moved, (read, write) =>
        {
            for (int y = 0; y < write.Height; y++)
            {
                double fromY = middleY + ((y - middleY) * alignment.Scale) + alignment.ShiftY;
                if (fromY < 0 || fromY > read.Height - 1) continue;
                Span<Rgba32> row = write.GetRowSpan(y);
                for (int x = 0; x < row.Length; x++)
                {
                    double fromX = middleX + ((x - middleX) * alignment.Scale) + alignment.ShiftX;
                    if (fromX >= 0 && fromX <= read.Width - 1) row[x] = Cubic(read, fromX, fromY);
                }
            }
        });
        return moved;
    }

    // Catmull and Rom's curve through the four nearest pixels each way: it keeps edges sharper than a straight line.
    private static Rgba32 Cubic(PixelAccessor<Rgba32> rows, double x, double y)
    {
        int left = (int)x, top = (int)y;
        Span<float> across = stackalloc float[4], down = stackalloc float[4];
        Weights((float)(x - left), across);
        Weights((float)(y - top), down);
        float r = 0, g = 0, b = 0, a = 0;
        for (int j = 0; j < 4; j++)
        {
            Span<Rgba32> row = rows.GetRowSpan(Math.Clamp(top + j - 1, 0, rows.Height - 1));
            for (int i = 0; i < 4; i++)
            {
                Rgba32 pixel = row[Math.Clamp(left + i - 1, 0, row.Length - 1)];
                float weight = across[i] * down[j], covered = weight * pixel.A;
                (r, g, b, a) = (r + (covered * pixel.R), g + (covered * pixel.G), b + (covered * pixel.B), a + covered);
            }
        }
        return a < 0.5f ? default : new Rgba32(ToByte(r / a), ToByte(g / a), ToByte(b / a), ToByte(a));
    }

    private static void Weights(float t, Span<float> to)
    {
        to[0] = t * ((-0.5f * t * t) + t - 0.5f);
        to[1] = (t * t * ((1.5f * t) - 2.5f)) + 1;
        to[2] = t * ((-1.5f * t * t) + (2 * t) + 0.5f);
        to[3] = t * t * ((0.5f * t) - 0.5f);
    }

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
