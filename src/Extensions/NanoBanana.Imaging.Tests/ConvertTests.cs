using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

public sealed class ConvertTests
{
    private readonly ImageSharpImaging _imaging = new();

    [Fact]
    public void Nine_presets_come_from_one_decode_with_their_size_and_pixels()
    {
        PictureSource source = Pictures.Source(Pictures.Halves(4096, 2304));
        Preset[] presets = [.. Preset.Load().Take(9)];

        PictureResult[] results = [.. _imaging.Convert(source, [.. presets.Select(preset => preset.ToTarget())])];

        Assert.Equal(9, results.Length);
        Assert.Equal(1, _imaging.DecodeCount);
        foreach ((Preset preset, PictureResult result) in presets.Zip(results))
        {
            using Image<Rgba32> image = Pictures.Decoded(result);
            Assert.Equal((preset.Width, preset.Height), (image.Width, image.Height));
            Near(Pictures.Red, image[image.Width / 8, image.Height / 2]);
            Near(Pictures.Blue, image[image.Width * 7 / 8, image.Height / 2]);
        }
    }

    [Theory]
    [InlineData(PictureFit.Contain, 100, 50)]
    [InlineData(PictureFit.Cover, 100, 100)]
    [InlineData(PictureFit.Pad, 100, 100)]
    [InlineData(PictureFit.Exact, 100, 100)]
    public void A_wide_picture_meets_a_square(PictureFit fit, int width, int height)
    {
        PictureResult result =
            One(Pictures.Halves(400, 200), new PictureTarget { Width = 100, Height = 100, Fit = fit, Format = "png" });

        Assert.Equal((width, height), (result.Width, result.Height));
        using Image<Rgba32> image = Pictures.Decoded(result);
        Assert.Equal(fit == PictureFit.Pad ? 0 : 255, image[50, 2].A);
    }

    [Fact]
    public void One_side_is_met_to_the_pixel_and_the_other_follows()
    {
        PictureResult result = One(Pictures.Halves(5504, 3072), new PictureTarget { Width = 300, Format = "png" });

        Assert.Equal((300, 167), (result.Width, result.Height));
    }

    [Theory]
    [InlineData("png", "image/png")]
    [InlineData("jpeg", "image/jpeg")]
    [InlineData("webp", "image/webp")]
    public void The_format_is_the_one_asked_for(string format, string mimeType)
    {
        PictureResult result = One(Pictures.Halves(64, 64), new PictureTarget { Width = 32, Format = format });

        Assert.Equal(mimeType, Image.DetectFormat(result.Data.Span).DefaultMimeType);
        Assert.Equal((32, 32), (result.Width, result.Height));
    }

    [Fact]
    public void A_jpeg_has_white_where_the_source_is_transparent()
    {
        PictureResult result = One(new Image<Rgba32>(32, 32), new PictureTarget { Format = "jpeg" });

        using Image<Rgba32> image = Pictures.Decoded(result);
        Near(new Rgba32(255, 255, 255), image[16, 16]);
    }

    [Fact]
    public void A_picture_that_lies_on_its_side_is_put_upright_and_loses_its_metadata()
    {
        Image<Rgba32> sideways = Pictures.Halves(60, 40);
        sideways.Metadata.ExifProfile = new ExifProfile();
        sideways.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);

        PictureResult result = One(sideways, new PictureTarget { Format = "png" });

        using Image<Rgba32> image = Pictures.Decoded(result);
        Assert.Equal((40, 60), (image.Width, image.Height));
        Assert.Null(image.Metadata.ExifProfile);
        Near(Pictures.Red, image[20, 5]);
    }

    [Fact]
    public void A_target_that_is_too_large_is_refused()
    {
        NbException error =
            Assert.Throws<NbException>(() =>
            One(Pictures.Halves(8, 4), new PictureTarget { Width = 16_384, Format = "png" }));

        Assert.Equal("Nb.Picture.TooLarge", error.ErrorId);
    }

    [Fact]
    public void Sixteen_bits_and_many_frames_become_one_picture_of_eight_bits()
    {
        using var deep = new Image<Rgba64>(20, 10, new Rgba64(65535, 0, 0, 65535));
        PictureResult result =
            One(deep.Clone(), new PictureTarget { Format = "png" }, new PngEncoder { BitDepth = PngBitDepth.Bit16 });
        using Image<Rgba32> image = Pictures.Decoded(result);
        Assert.Equal(new Rgba32(255, 0, 0), image[3, 3]);

        Image<Rgba32> animated = Pictures.Halves(20, 10);
        for (int i = 0; i < 50; i++) animated.Frames.AddFrame(animated.Frames.RootFrame);
        PictureResult first = _imaging.Convert(
            Pictures.Source(animated, new SixLabors.ImageSharp.Formats.Gif.GifEncoder()),
                [new PictureTarget { Format = "png" }]).Single();
        using Image<Rgba32> still = Pictures.Decoded(first);
        Assert.Equal(1, still.Frames.Count);
    }

    private PictureResult One(Image image, PictureTarget target, PngEncoder? encoder = null) =>
        _imaging.Convert(Pictures.Source(image, encoder), [target]).Single();

    private static void Near(Rgba32 expected, Rgba32 actual)
    {
        Assert.InRange(actual.R, expected.R - 12, expected.R + 12);
        Assert.InRange(actual.G, expected.G - 12, expected.G + 12);
        Assert.InRange(actual.B, expected.B - 12, expected.B + 12);
    }
}
