using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

/// <summary>Pictures to test with.</summary>
internal static class Pictures
{
    public static readonly Rgba32 Red = new(220, 40, 30);
    public static readonly Rgba32 Green = new(0, 255, 0);
    public static readonly Rgba32 Blue = new(20, 60, 220);

    /// <summary>Left half red, right half blue.</summary>
    public static Image<Rgba32> Halves(int width, int height) =>
        Drawn(width, height, (x, _) => x < width / 2 ? Red : Blue);

    /// <summary>A disc with soft edges on a background.</summary>
    public static Image<Rgba32> Disc(int side, Rgba32 disc, Rgba32 background, double shiftX = 0) =>
        Drawn(side, side, (x, y) =>
    {
        double radius = Math.Sqrt(Math.Pow(x - shiftX - (side / 2.0), 2) + Math.Pow(y - (side / 2.0), 2));
        double share = Math.Clamp((side * 0.3) - radius + 0.5, 0, 1);
        return new Rgba32(
            (byte)((disc.R * share) + (background.R * (1 - share))),
            (byte)((disc.G * share) + (background.G * (1 - share))),
            (byte)((disc.B * share) + (background.B * (1 - share))));
    });

    public static Image<Rgba32> Drawn(int width, int height, Func<int, int, Rgba32> color)
    {
        var image = new Image<Rgba32>(width, height);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < height; y++)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                for (int x = 0; x < width; x++) row[x] = color(x, y);
            }
        });
        return image;
    }

    public static byte[] Encoded(Image image, IImageEncoder? encoder = null)
    {
        using var stream = new MemoryStream();
        image.Save(stream, encoder ?? new PngEncoder());
        image.Dispose();
        return stream.ToArray();
    }

    public static PictureSource Source(byte[] bytes, string name = "test") =>
        new(name, bytes.Length, () => new MemoryStream(bytes));

    public static PictureSource Source(Image image, IImageEncoder? encoder = null) => Source(Encoded(image, encoder));

    public static Image<Rgba32> Decoded(PictureResult result) => Image.Load<Rgba32>(result.Data.Span);
}
