using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging.Measures;

/// <summary>A picture's lightness, 0 to 1, on a white background.</summary>
internal sealed class Lightness
{
    /// <summary>The longest side at which a picture is measured, in pixels.</summary>
    public const int MeasureSide = 1024;

    private readonly float[] _values;

    private Lightness(float[] values, int width, int height)
    {
        _values = values;
        Width = width;
        Height = height;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Lightness at a place inside.</summary>
    public float this[int x, int y] => _values[(y * Width) + x];

    /// <summary>Computes it from a picture, which is not changed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="side">The longest side to scale down to; never enlarged.</param>
    public static Lightness Of(Image<Rgba32> image, int side = int.MaxValue)
    {
        double scale = Math.Min(1, (double)side / Math.Max(image.Width, image.Height));
        return Of(image,
            new Size(Math.Max(1, (int)Math.Round(image.Width * scale)),
            Math.Max(1, (int)Math.Round(image.Height * scale))));
    }

    /// <summary>Computes it from a picture, scaled to a size.</summary>
    public static Lightness Of(Image<Rgba32> image, Size size)
    {
        if (size == image.Size()) return new Lightness(Values(image), size.Width, size.Height);
        using Image<Rgba32> resized = image.Clone(edit => edit.Resize(size, KnownResamplers.Triangle, compand: false));
        return new Lightness(Values(resized), size.Width, size.Height);
    }

    /// <summary>Half of it in each direction.</summary>
    public Lightness Half()
    {
        int width = Math.Max(1, Width / 2), height = Math.Max(1, Height / 2);
        var values = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            int top = Math.Min(y * 2, Height - 1), bottom = Math.Min(top + 1, Height - 1);
            for (int x = 0; x < width; x++)
            {
                int left = Math.Min(x * 2, Width - 1), right = Math.Min(left + 1, Width - 1);
                values[(y * width) + x] =
                    (this[left, top] + this[right, top] + this[left, bottom] + this[right, bottom]) / 4;
            }
        }
        return new Lightness(values, width, height);
    }

    /// <summary>Between pixels; NaN outside.</summary>
    public float At(double x, double y)
    {
        if (!(x >= 0 && y >= 0 && x <= Width - 1 && y <= Height - 1)) return float.NaN;
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, Width - 1), bottom = Math.Min(top + 1, Height - 1);
        float across = (float)(x - left), down = (float)(y - top);
        float upper = this[left, top] + ((this[right, top] - this[left, top]) * across);
        float lower = this[left, bottom] + ((this[right, bottom] - this[left, bottom]) * across);
        return upper + ((lower - upper) * down);
    }

    /// <summary>Variance of the Laplacian (Pech-Pacheco and others 2000), in levels of 0 to 255.</summary>
    public double Sharpness()
    {
        double sum = 0, squares = 0;
        long count = 0;
        for (int y = 1; y < Height - 1; y++)
        {
            for (int x = 1; x < Width - 1; x++, count++)
            {
                double edge =
                    255 * ((4 * this[x, y]) - this[x - 1, y] - this[x + 1, y] - this[x, y - 1] - this[x, y + 1]);
                sum += edge;
                squares += edge * edge;
            }
        }
        return count == 0 ? 0 : (squares / count) - (sum / count * (sum / count));
    }

    /// <summary>From the darkest twentieth to the lightest, 0 to 1.</summary>
    public double Contrast()
    {
        var counts = new int[256];
        foreach (float value in _values) counts[(int)Math.Clamp(value * 255, 0, 255)]++;
        int edge = _values.Length / 20, low = 0, high = 255;
        for (int seen = counts[0]; seen <= edge && low < 255;) seen += counts[++low];
        for (int seen = counts[255]; seen <= edge && high > 0;) seen += counts[--high];
        return Math.Max(0, high - low) / 255.0;
    }

    private static float[] Values(Image<Rgba32> image)
    {
        var values = new float[image.Width * image.Height];
        image.ProcessPixelRows(rows =>
        {
            int at = 0;
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                {
                    float value = ((0.299f * pixel.R) + (0.587f * pixel.G) + (0.114f * pixel.B)) / 255;
                    values[at++] = 1 + ((value - 1) * pixel.A / 255);
                }
            }
        });
        return values;
    }
}
