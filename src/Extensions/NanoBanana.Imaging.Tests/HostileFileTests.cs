using System.Buffers.Binary;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Pictures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

public sealed class HostileFileTests
{
    private readonly ImageSharpImaging _imaging = new();

    public static TheoryData<string> Formats => ["png", "jpeg", "webp", "gif"];

    [Fact]
    public void A_pixel_bomb_is_refused_before_its_pixels_take_memory()
    {
        byte[] bytes = Pictures.Encoded(new Image<Rgba32>(8, 8));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 60_000);
        FileParts.MendChecksums(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("Nb.Picture.TooLarge", ErrorOf(bytes));
        Assert.Equal(0, _imaging.DecodeCount);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 * 1024);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_is_cut_short_anywhere_is_called_damaged(string format)
    {
        byte[] bytes = Pictures.Encoded(Pictures.Disc(64, Pictures.Red, Pictures.Blue), EncoderOf(format));

        foreach (double share in new[] { 0.2, 0.5, 0.8, 0.95 })
        {
            Assert.Equal("Nb.Picture.Damaged", ErrorOf(bytes[..(int)(bytes.Length * share)]));
        }
    }

    [Fact]
    public void A_header_that_lies_about_a_jpeg_is_called_too_large()
    {
        byte[] bytes = Pictures.Encoded(Pictures.Halves(32, 32), new JpegEncoder());
        int frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), 65_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), 65_000);

        Assert.Equal("Nb.Picture.TooLarge", ErrorOf(bytes));
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_read()
    {
        var source = new PictureSource("huge", PictureLimits.FileLength + 1, () =>
            throw new InvalidOperationException("It was opened."));

        NbException error = Assert.Throws<NbException>(() => _imaging.Raster(source, 10, 10));
        Assert.Equal("Nb.Picture.TooLarge", error.ErrorId);
    }

    public static TheoryData<string> Bombs =>
        ["zTXt", "iTXt", "iCCP", "tEXt", "eXIf", "APP1", "APP2", "APP13", "COM", "ICCP", "EXIF", "XMP ", "comment",
        "XMP"];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_metadata_bomb_takes_no_memory_of_its_size(string kind)
    {
        byte[] bomb = Bomb(kind);
        using Image<Rgba32> first = Decoded(Bomb("none"), out _);

        using Image<Rgba32> image = Decoded(bomb, out long allocated);

        Assert.Equal((16, 16), (image.Width, image.Height));
        // The file itself twice, at most: as it is read, and a profile that is looked into.
        Assert.InRange(allocated, 0, (2L * bomb.Length) + 20_000_000);
    }

    [Fact]
    public void Thousands_of_frames_are_not_decoded()
    {
        Image<Rgba32> animated = Pictures.Drawn(64, 64, (x, y) => new Rgba32((byte)(x * 4), (byte)(y * 4), 0));
        for (int i = 0; i < 300; i++) animated.Frames.AddFrame(animated.Frames.RootFrame);
        byte[] bytes = Pictures.Encoded(animated, new GifEncoder());

        using Image<Rgba32> image = Decoded(bytes, out long allocated);

        Assert.Equal(1, image.Frames.Count);
        Assert.InRange(allocated, 0, bytes.Length + 2_000_000);
    }

    [Fact]
    public void More_scans_than_a_picture_can_need_are_refused()
    {
        NbException error =
            Assert.Throws<NbException>(() =>
            _imaging.Raster(Pictures.Source(ProgressiveJpeg.Make(800, 800, 300)), 10, 10));

        Assert.Equal("Nb.Picture.Damaged", error.ErrorId);
        Assert.Contains("scans", error.Message);
        Assert.Equal(0, _imaging.DecodeCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lossless_webp_that_speaks_of_codes_it_does_not_have_is_refused_before_they_take_memory(
        bool isTransparency)
    {
        // A cache of 2048 colors; a picture of one pixel, 65535, that says which codes are where. Each code has the one
        // symbol named.
        byte[] data = Bits(
            (0, 1), (1, 1), (11, 4), (1, 1), (0, 3),
            (0, 1), (0b101, 3), (255, 8), (0b101, 3), (255, 8), (0b101, 3), (0, 8), (0b101, 3), (0, 8), (0b101, 3),
                (0, 8));
        byte[] lossy =
            Pictures.Encoded(Pictures.Drawn(4, 4, (_, _) => Pictures.Red),
            new WebpEncoder { FileFormat = WebpFileFormatType.Lossy });
        byte[] bytes = isTransparency
            ? FileParts.Riff(FileParts.ExtendedHeader(0x10, 4, 4), FileParts.RiffChunk("ALPH", [1, .. data]),
                lossy[12..])
            : FileParts.Riff(FileParts.RiffChunk("VP8L", [0x2F, .. Bits((3, 14), (3, 14), (0, 4)), .. data]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("Nb.Picture.Damaged", ErrorOf(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decoding_stops_when_it_is_told_to(string format)
    {
        byte[] bytes = Pictures.Encoded(Pictures.Disc(64, Pictures.Red, Pictures.Blue), EncoderOf(format));

        Assert.Throws<OperationCanceledException>(() =>
            new PictureDecoder().Decode(Pictures.Source(bytes), new CancellationToken(true)).Dispose());
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void A_size_of_nothing_is_called_damaged(string format)
    {
        byte[] bytes =
            Pictures.Encoded(Pictures.Halves(32, 32), format == "webp"
            ? new WebpEncoder { FileFormat = WebpFileFormatType.Lossy } : EncoderOf(format));
        int at = format switch { "png" => 16, "jpeg" =>
            bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 5, "webp" => 26, _ => 6 };
        bytes.AsSpan(at, format == "png" ? 8 : 4).Clear();
        // A frame of a GIF has a size of its own.
        if (format == "gif")
        {
            bytes.AsSpan(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0]) + 5, 4).Clear();
        }
        if (format == "png") FileParts.MendChecksums(bytes);

        Assert.Equal("Nb.Picture.Damaged", ErrorOf(bytes));
    }

    [Theory]
    [InlineData("BM")]
    [InlineData("II*\0")]
    [InlineData("MM\0*")]
    [InlineData("P6 1 1 255 ")]
    public void Formats_that_the_library_knows_and_nobody_needs_are_not_read(string head) =>
        Assert.Equal("Nb.Picture.Unsupported",
            ErrorOf([.. System.Text.Encoding.ASCII.GetBytes(head), .. new byte[64]]));

    [Theory]
    [InlineData("")]
    [InlineData("GIF")]
    [InlineData("BM a bitmap is not a format of ours, and this is none")]
    public void What_is_not_a_picture_is_called_unsupported(string text) =>
        Assert.Equal("Nb.Picture.Unsupported", ErrorOf(System.Text.Encoding.ASCII.GetBytes(text)));

    // 100 MB of zeros where they can be packed; otherwise 20 MB as they are.
    private static byte[] Bomb(string kind)
    {
        byte[] png = Pictures.Encoded(Pictures.Halves(16, 16)),
            jpeg = Pictures.Encoded(Pictures.Halves(16, 16), new JpegEncoder());
        byte[] webp = Pictures.Encoded(Pictures.Halves(16, 16), new WebpEncoder()),
            gif = Pictures.Encoded(Pictures.Halves(16, 16), new GifEncoder());
        byte[] plain = new byte[20_000_000];
        byte[] Packed() => FileParts.Compressed(new byte[100_000_000]);
        byte[] Segments(byte marker, string head) => FileParts.WithJpegSegments(
            jpeg, marker,
                Enumerable.Repeat<byte[]>([.. System.Text.Encoding.ASCII.GetBytes(head), .. new byte[65_000]], 300));
        byte[] Chunk(string name) =>
            FileParts.Riff(FileParts.ExtendedHeader(0x2C, 16, 16), FileParts.RiffChunk(name, plain), webp[12..]);
        return kind switch
        {
            "zTXt" => FileParts.WithPngChunk(png, kind, [.. "Comment\0\0"u8, .. Packed()]),
            "iTXt" => FileParts.WithPngChunk(png, kind, [.. "Comment\0\u0001\0\0\0"u8, .. Packed()]),
            "iCCP" => FileParts.WithPngChunk(png, kind, [.. "Name\0\0"u8, .. Packed()]),
            "tEXt" => FileParts.WithPngChunk(png, kind, [.. "Comment\0"u8, .. plain]),
            "eXIf" => FileParts.WithPngChunk(png, kind, [.. FileParts.Exif(1), .. plain]),
            "APP1" => Segments(0xE1, "Exif\0\0"),
            "APP2" => Segments(0xE2, "ICC_PROFILE\0"),
            "APP13" => Segments(0xED, "Photoshop 3.0\0"),
            "COM" => Segments(0xFE, ""),
            "ICCP" or "EXIF" or "XMP " => Chunk(kind),
            "comment" => FileParts.WithGifExtension(gif, 0xFE, [], plain),
            "XMP" => FileParts.WithGifExtension(gif, 0xFF, [11, .. "XMP DataXMP"u8], plain),
            _ => png,
        };
    }

    // The lowest bit first.
    private static byte[] Bits(params (int Value, int Count)[] numbers)
    {
        bool[] all = [.. numbers.SelectMany(number =>
            Enumerable.Range(0, number.Count).Select(i => (number.Value >> i & 1) == 1))];
        byte[] bytes = new byte[(all.Length + 7) / 8];
        for (int i = 0; i < all.Length; i++) bytes[i / 8] |= (byte)(all[i] ? 1 << (i % 8) : 0);
        return bytes;
    }

    private static Image<Rgba32> Decoded(byte[] bytes, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Image<Rgba32> image = new PictureDecoder().Decode(Pictures.Source(bytes));
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return image;
    }

    private string? ErrorOf(byte[] bytes)
    {
        try
        {
            _imaging.Raster(Pictures.Source(bytes), 4096, 4096);
            return null;
        }
        catch (NbException e)
        {
            return e.ErrorId;
        }
    }

    private static IImageEncoder EncoderOf(string format) => format switch
    {
        "jpeg" => new JpegEncoder(),
        "webp" => new WebpEncoder(),
        "gif" => new GifEncoder(),
        _ => new PngEncoder(),
    };
}
