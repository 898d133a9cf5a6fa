using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>A picture in OKLab, for measuring.</summary>
internal sealed class Plane
{
    private const int Window = 8;

    private readonly Lab[] _pixels;

    private Plane(Lab[] pixels, int width, int height)
    {
        _pixels = pixels;
        Width = width;
        Height = height;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Resizes a picture in place and measures it; what is transparent counts as white.</summary>
    public static Plane Of(Image<Rgba32> image, Size size, bool dispose = false)
    {
        image.Mutate(edit => edit.Resize(size).BackgroundColor(Color.White));
        var pixels = new Lab[size.Width * size.Height];
        int at = 0;
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y)) pixels[at++] = Colors.ToLab(pixel);
            }
        });
        if (dispose) image.Dispose();
        return new Plane(pixels, size.Width, size.Height);
    }

    /// <summary>Distance of every pixel to that of another picture which is moved by x and y, where both are.</summary>
    public float[] DistancesTo(Plane other, int x, int y)
    {
        (int left, int right, int top, int bottom) = Overlap(x, y);
        var apart = new float[Math.Max(0, right - left) * Math.Max(0, bottom - top)];
        int at = 0;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                apart[at++] = _pixels[(row * Width) + column]
                    .DistanceTo(other._pixels[((row + y) * Width) + column + x]);
            }
        }
        return apart;
    }

    /// <summary>Mean distance of lightness to another picture which is moved by x and y, looking at every step-th
    /// pixel.</summary>
    public double LightnessApart(Plane other, int x, int y, int step)
    {
        (int left, int right, int top, int bottom) = Overlap(x, y);
        double sum = 0;
        int count = 0;
        for (int row = top; row < bottom; row += step)
        {
            for (int column = left; column < right; column += step, count++)
            {
                sum += Math.Abs(_pixels[(row * Width) + column].L - other._pixels[((row + y) * Width) + column + x].L);
            }
        }
        return count == 0 ? double.MaxValue : sum / count;
    }

    /// <summary>Mean structural similarity of lightness: Wang, Bovik, Sheikh, Simoncelli 2004, over windows of 8 by 8
    /// pixels.</summary>
    public double SimilarityTo(Plane other)
    {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < Height; y += Window / 2)
        {
            for (int x = 0; x < Width; x += Window / 2, count++) sum += WindowSimilarity(other, x, y);
        }
        return sum / count;
    }

    private double WindowSimilarity(Plane other, int left, int top)
    {
        double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        int count = 0;
        for (int y = top; y < Math.Min(top + Window, Height); y++)
        {
            for (int x = left; x < Math.Min(left + Window, Width); x++, count++)
            {
                double p = _pixels[(y * Width) + x].L, q = other._pixels[(y * Width) + x].L;
                a += p;
                b += q;
                aa += p * p;
                bb += q * q;
                ab += p * q;
            }
        }
        a /= count;
        b /= count;
        const double C1 = 0.0001, C2 = 0.0009;
        return ((2 * a * b) + C1) * ((2 * ((ab / count) - (a * b))) + C2)
            / (((a * a) + (b * b) + C1) * ((aa / count) - (a * a) + (bb / count) - (b * b) + C2));
    }

    private (int Left, int Right, int Top, int Bottom) Overlap(int x, int y) =>
        (Math.Max(0, -x), Math.Min(Width, Width - x), Math.Max(0, -y), Math.Min(Height, Height - y));
}
