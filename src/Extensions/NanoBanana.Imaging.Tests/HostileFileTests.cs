using System.Buffers.Binary;
using NanoBanana.Extensions.Imaging;
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
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc(bytes.AsSpan(12, 17)));
        long before = GC.GetTotalAllocatedBytes();

        Assert.Equal("Nb.Picture.TooLarge", ErrorOf(bytes));
        Assert.Equal(0, _imaging.DecodeCount);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
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

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nonsense_inside_a_file_gives_a_picture_or_a_clear_error(string format)
    {
        byte[] whole = Pictures.Encoded(Pictures.Disc(48, Pictures.Red, Pictures.Green), EncoderOf(format));
        var random = new Random(20261121);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. whole];
            for (int change = random.Next(1, 8); change > 0; change--) bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            Assert.Contains(ErrorOf(bytes), new[] { null, "Nb.Picture.Damaged", "Nb.Picture.TooLarge", "Nb.Picture.Unsupported" });
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
        var source = new PictureSource("huge", PictureLimits.FileLength + 1, () => throw new InvalidOperationException("It was opened."));

        NbException error = Assert.Throws<NbException>(() => _imaging.Raster(source, 10, 10));
        Assert.Equal("Nb.Picture.TooLarge", error.ErrorId);
    }

    [Fact]
    public void A_metadata_bomb_takes_no_memory_of_its_size()
    {
        byte[] picture = Pictures.Encoded(Pictures.Halves(16, 16));
        byte[] zeros = Compressed(new byte[400_000_000]);
        byte[] text = [.. "Comment\0\0"u8, .. zeros];
        byte[] chunk = new byte[text.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, text.Length);
        "zTXt"u8.CopyTo(chunk.AsSpan(4));
        text.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + text.Length), Crc(chunk.AsSpan(4, text.Length + 4)));
        byte[] bomb = [.. picture[..33], .. chunk, .. picture[33..]];
        long before = GC.GetTotalAllocatedBytes();

        Assert.Contains(ErrorOf(bomb), new[] { null, "Nb.Picture.Damaged" });
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF")]
    [InlineData("BM a bitmap is no format of ours, and this is none")]
    public void What_is_no_picture_is_called_unsupported(string text) =>
        Assert.Equal("Nb.Picture.Unsupported", ErrorOf(System.Text.Encoding.ASCII.GetBytes(text)));

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

    private static byte[] Compressed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(stream, System.IO.Compression.CompressionLevel.Fastest)) zlib.Write(bytes);
        return stream.ToArray();
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320 : 0);
        }
        return ~crc;
    }
}
