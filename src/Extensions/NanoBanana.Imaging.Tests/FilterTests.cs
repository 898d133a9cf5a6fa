using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Icc;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

public sealed class FilterTests
{
    private readonly PictureDecoder _decoder = new();

    public static TheoryData<string, bool> Sideways =>
        new() { { "png", true }, { "png", false }, { "jpeg", true }, { "jpeg", false }, { "webp", true } };

    [Theory]
    [MemberData(nameof(Sideways))]
    public void A_picture_that_lies_on_its_side_is_put_upright_in_every_format_that_says_so(string format, bool little)
    {
        Image<Rgba32> halves = Pictures.Halves(60, 40);
        byte[] exif = FileParts.Exif(6, little);
        byte[] bytes = format switch
        {
            "jpeg" => FileParts.WithJpegSegments(Pictures.Encoded(halves, new JpegEncoder()), 0xE1,
                (byte[])[.. "Exif\0\0"u8, .. exif]),
            "webp" => Extended(Pictures.Encoded(halves, new WebpEncoder()), 0x08, [],
                FileParts.RiffChunk("EXIF", exif)),
            _ => FileParts.WithPngChunk(Pictures.Encoded(halves), "eXIf", exif),
        };

        using Image<Rgba32> image = _decoder.Decode(Pictures.Source(bytes));

        Assert.Equal((40, 60), (image.Width, image.Height));
        Assert.Null(image.Metadata.ExifProfile);
        Assert.InRange(image[20, 5].R, Pictures.Red.R - 12, Pictures.Red.R + 12);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    public void A_color_profile_is_kept_unless_it_is_too_large(string format)
    {
        Assert.Equal(Profile(3000), Decoded(Profile(3000))?.ToByteArray());
        Assert.Null(Decoded(Profile((2 * 1024 * 1024) + 7)));

        IccProfile? Decoded(byte[] profile)
        {
            Image<Rgba32> halves = Pictures.Halves(16, 16);
            byte[] bytes = format switch
            {
                "jpeg" => FileParts.WithJpegSegments(Pictures.Encoded(halves, new JpegEncoder()), 0xE2,
                    Segments(profile)),
                "webp" => Extended(Pictures.Encoded(halves, new WebpEncoder()), 0x20,
                    FileParts.RiffChunk("ICCP", profile)),
                _ => FileParts.WithPngChunk(Pictures.Encoded(halves), "iCCP",
                    [.. "name\0\0"u8, .. FileParts.Compressed(profile)]),
            };
            using Image<Rgba32> image = _decoder.Decode(Pictures.Source(bytes));
            return image.Metadata.IccProfile;
        }

        // The last comes first: their numbers count, not their order.
        static IEnumerable<byte[]> Segments(byte[] profile) =>
            profile.Chunk(1000 * Math.Max(1, profile.Length / 100_000))
            .Select((part, i) => (byte[])[.. "ICC_PROFILE\0"u8, (byte)(i + 1), 0, .. part]).Reverse();
    }

    [Fact]
    public void The_profile_of_a_png_goes_into_a_jpeg_that_is_made_of_it()
    {
        byte[] png = FileParts.WithPngChunk(Pictures.Encoded(Pictures.Halves(16, 16)), "iCCP",
            [.. "n\0\0"u8, .. FileParts.Compressed(Profile(500))]);

        PictureResult made = new ImageSharpImaging()
            .Convert(Pictures.Source(png), [new PictureTarget { Format = "jpeg" }]).Single();

        using Image<Rgba32> image = Pictures.Decoded(made);
        Assert.Equal(Profile(500), image.Metadata.IccProfile?.ToByteArray());
    }

    [Fact]
    public void The_first_frame_of_an_animation_is_the_picture()
    {
        byte[] red = Payload(Pictures.Encoded(Pictures.Drawn(20, 10, (_, _) => Pictures.Red), Lossless()));
        byte[] blue = Payload(Pictures.Encoded(Pictures.Drawn(20, 10, (_, _) => Pictures.Blue), Lossless()));
        byte[] animation = FileParts.Riff(
            FileParts.ExtendedHeader(0x02, 20, 10), FileParts.RiffChunk("ANIM", new byte[6]), Frame(red), Frame(blue));

        using Image<Rgba32> image = _decoder.Decode(Pictures.Source(animation));

        Assert.Equal((20, 10, 1), (image.Width, image.Height, image.Frames.Count));
        Assert.Equal(Pictures.Red, image[10, 5]);

        static WebpEncoder Lossless() => new() { FileFormat = WebpFileFormatType.Lossless };
        static byte[] Frame(byte[] picture) =>
            FileParts.RiffChunk("ANMF", [0, 0, 0, 0, 0, 0, 19, 0, 0, 9, 0, 0, 50, 0, 0, 0, .. picture]);
    }

    [Fact]
    public void Transparency_survives_in_every_format_that_has_it()
    {
        Image<Rgba32> clear = Pictures.Drawn(32, 32, (x, _) => x < 16 ? new Rgba32(0, 0, 0, 0) : Pictures.Red);

        foreach (byte[] bytes in (byte[][])[
            Pictures.Encoded(clear.Clone()),
            Pictures.Encoded(clear.Clone(), new WebpEncoder { FileFormat = WebpFileFormatType.Lossy }),
            Pictures.Encoded(clear.Clone(), new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }),
            Pictures.Encoded(clear.Clone(), new GifEncoder()),
            FileParts.WithGifExtension(Pictures.Encoded(clear.Clone(), new GifEncoder()), 0xFE, [],
                "a comment"u8.ToArray())])
        {
            using Image<Rgba32> image = _decoder.Decode(Pictures.Source(bytes));
            Assert.Equal(0, image[4, 16].A);
            Assert.Equal(255, image[28, 16].A);
        }
        clear.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 4)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    [InlineData(3, 1)]
    [InlineData(3, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(6, 8)]
    [InlineData(6, 16)]
    public void An_interlaced_png_is_the_same_picture(int color, int depth)
    {
        foreach (int width in new[] { 1, 2, 3, 4, 5, 8, 9, 33 })
        {
            foreach (int height in new[] { 1, 2, 5, 17 })
            {
                using Image<Rgba32> expected =
                    _decoder.Decode(Pictures.Source(HandmadePng.Make(width, height, color, depth, interlaced: false)));
                using Image<Rgba32> actual =
                    _decoder.Decode(Pictures.Source(HandmadePng.Make(width, height, color, depth, interlaced: true)));
                Assert.Equal(PixelsOf(expected), PixelsOf(actual));
            }
        }
    }

    [Fact]
    public void An_interlaced_png_whose_pixels_end_too_early_or_go_on_is_read_to_its_end()
    {
        // Without the filter, the decoder never returns from any of these.
        byte[] whole =
            Pictures.Encoded(Pictures.Disc(40, Pictures.Red, Pictures.Blue),
            new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7 });
        int end = whole.AsSpan().LastIndexOf("IEND"u8) - 4, at = whole.AsSpan().IndexOf("IDAT"u8) + 4;
        byte[] shorter =
            [.. whole[..(at - 8)], .. FileParts.PngChunk("IDAT", FileParts.Compressed(new byte[300])), .. whole[end..]];
        byte[] longer =
            [.. whole[..end], .. FileParts.PngChunk("IDAT", FileParts.Compressed(new byte[300])), .. whole[end..]];

        NbException error = Assert.Throws<NbException>(() => _decoder.Decode(Pictures.Source(shorter)).Dispose());
        using Image<Rgba32> image = _decoder.Decode(Pictures.Source(longer));

        Assert.Equal("Nb.Picture.Damaged", error.ErrorId);
        Assert.Equal(Pictures.Red, image[20, 20]);
    }

    [Fact]
    public void A_progressive_jpeg_is_read()
    {
        using Image<Rgba32> image = _decoder.Decode(Pictures.Source(ProgressiveJpeg.Make(40, 24, 10)));

        Assert.Equal((40, 24), (image.Width, image.Height));
        Assert.Equal(new Rgba32(128, 128, 128), image[20, 12]);
    }

    [Theory]
    [InlineData(WebpEncodingMethod.Fastest)]
    [InlineData(WebpEncodingMethod.BestQuality)]
    public void A_lossless_webp_with_all_it_can_have_is_read(WebpEncodingMethod method)
    {
        foreach (Image<Rgba32> drawn in (Image<Rgba32>[])[Scenes.Draw(400, 300), Scenes.Draw(90, 40, 3, lamp: true),
            Pictures.Disc(60, Pictures.Red, Pictures.Blue)])
        {
            byte[] bytes =
                Pictures.Encoded(drawn.Clone(),
                new WebpEncoder { FileFormat = WebpFileFormatType.Lossless, Method = method, Quality = 100 });

            using Image<Rgba32> image = _decoder.Decode(Pictures.Source(bytes));

            Assert.Equal(PixelsOf(drawn), PixelsOf(image));
            drawn.Dispose();
        }
    }

    [Fact]
    public void Restarts_and_filling_bytes_do_not_end_a_scan()
    {
        byte[] whole =
            Pictures.Encoded(Pictures.Disc(64, Pictures.Red, Pictures.Blue), new JpegEncoder { Quality = 100 });
        // A filling byte before each mark is allowed; data have FF only with a zero behind.
        byte[] filled = [.. whole[..2], 0xFF, .. whole[2..^2], 0xFF, 0xFF, 0xD9, .. "what is behind the end"u8];

        using Image<Rgba32> expected = _decoder.Decode(Pictures.Source(whole)),
            actual = _decoder.Decode(Pictures.Source(filled));

        Assert.Equal(expected[32, 32], actual[32, 32]);
    }

    private static byte[] PixelsOf(Image<Rgba32> image)
    {
        byte[] pixels = new byte[image.Width * image.Height * 4];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }

    private static byte[] Payload(byte[] webp) => webp[12..];

    private static byte[] Extended(byte[] webp, byte flags, byte[] before, params byte[][] after) =>
        FileParts.Riff([FileParts.ExtendedHeader(flags, 60, 40), before, Payload(webp), .. after]);

    // Its header says how long it is and what it is; nothing reads the rest.
    private static byte[] Profile(int length)
    {
        byte[] profile = new byte[length];
        new Random(1).NextBytes(profile);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(profile, length);
        new byte[124].CopyTo(profile, 4);
        profile[8] = 4;
        "mntrRGB XYZ "u8.CopyTo(profile.AsSpan(12));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        return profile;
    }
}
