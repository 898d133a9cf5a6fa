using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>Resizes and encodes.</summary>
internal static class PictureConverter
{
    private const int DefaultQuality = 90;

    /// <summary>Makes one picture of another, which stays as it is.</summary>
    public static PictureResult Convert(Image<Rgba32> source, PictureTarget target, string name)
    {
        Size size = SizeOf(source, target);
        PictureDecoder.CheckSize(name, size.Width, size.Height);
        Rgba32? background = target.Background is { } color ? Colors.Parse(color)
            : target.Format == "jpeg" ? new Rgba32(255, 255, 255) : null;
        using Image<Rgba32> image = source.Clone(edit =>
        {
            edit.Resize(new ResizeOptions
            {
                Size = size,
                Sampler = KnownResamplers.Lanczos3,
                Mode = target.Fit switch
                {
                    PictureFit.Cover => ResizeMode.Crop,
                    PictureFit.Pad => ResizeMode.Pad,
                    // The size already has the picture's ratio, to the pixel.
                    _ => ResizeMode.Stretch,
                },
                PadColor = background is { } pad ? Color.FromPixel(pad) : Color.Transparent,
            });
            if (background is { } behind) edit.BackgroundColor(Color.FromPixel(behind));
        });
        return Encode(image, target.Format, target.Quality);
    }

    /// <summary>Encodes a picture.</summary>
    public static PictureResult Encode(Image<Rgba32> image, string format, int? quality = null)
    {
        IImageEncoder encoder = format switch
        {
            "jpeg" => new JpegEncoder { Quality = quality ?? DefaultQuality },
            "webp" => new WebpEncoder { Quality = quality ?? DefaultQuality },
            _ => new PngEncoder(),
        };
        using var stream = new MemoryStream();
        image.Save(stream, encoder);
        return new PictureResult(stream.ToArray(), image.Width, image.Height);
    }

    // The side that is not given follows the other.
    private static Size SizeOf(Image source, PictureTarget target) => (target.Width, target.Height) switch
    {
        ({ } width, { } height) =>
            target.Fit == PictureFit.Contain ? Inside(source, width, height) : new Size(width, height),
        ({ } width, null) => new Size(width, Scaled(source.Height, width, source.Width)),
        (null, { } height) => new Size(Scaled(source.Width, height, source.Height), height),
        _ => source.Size(),
    };

    private static Size Inside(Image source, int width, int height) =>
        (long)width * source.Height <= (long)height * source.Width
            ? new Size(width, Scaled(source.Height, width, source.Width))
            : new Size(Scaled(source.Width, height, source.Height), height);

    private static int Scaled(int side, int to, int from) =>
        (int)Math.Clamp(Math.Round((double)side * to / from), 1, int.MaxValue);
}
