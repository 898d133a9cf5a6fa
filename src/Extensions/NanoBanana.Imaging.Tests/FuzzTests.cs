using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit.Abstractions;

namespace NanoBanana.Imaging.Tests;

/// <summary>
/// Changes small pictures at random: some thousand times in each format, or for as many seconds a format as
/// NB_FUZZ_SECONDS says,
/// with another seed each time. A file that fails is kept in the temporary folder, and the failure names it.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 1500;
    private const long Pixels = 1_000_000;

    // The most that the pixels of a picture take several times over, and tables: not what a bomb takes.
    private const long MostAllocated = 64L * 1024 * 1024;

    // Only a guard against hangs: a round takes a millisecond.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public async Task Whatever_is_in_a_file_gives_a_picture_or_a_clear_error(string format)
    {
        TimeSpan? time = int.TryParse(Environment.GetEnvironmentVariable("NB_FUZZ_SECONDS"), out int seconds)
            ? TimeSpan.FromSeconds(seconds) : null;
        int seed = time is null ? 20261127 : Environment.TickCount;
        var random = new Random(seed);
        byte[][] seeds = [.. SeedsOf(format)];
        var decoder = new PictureDecoder(Pixels);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        int round = 0, decoded = 0;
        for (; time is null ? round < Rounds : System.Diagnostics.Stopwatch.GetElapsedTime(start) < time; round++)
        {
            byte[] bytes = FileMutator.Mutate(seeds, format, random);
            try
            {
                if (await Task.Run(() => IsDecoded(decoder, bytes)).WaitAsync(Patience)) decoded++;
            }
            catch (Exception e)
            {
                string file = Path.Combine(Path.GetTempPath(), $"nb-fuzz-{seed}-{round}.{format}");
                File.WriteAllBytes(file, bytes);
                throw new Xunit.Sdk.XunitException($"{file}: {e}");
            }
        }
        output.WriteLine($"{format}: {round} files from seed {seed}, {decoded} of them pictures");
        // Some files must decode and some must fail; otherwise the changes do not reach the decoder or have no effect.
        Assert.InRange(decoded, round / 100, round * 99 / 100);
    }

    private static bool IsDecoded(PictureDecoder decoder, byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using Image<Rgba32> image = decoder.Decode(Pictures.Source(bytes));
            Assert.InRange((long)image.Width * image.Height, 1, Pixels);
            return true;
        }
        catch (NbException e)
        {
            Assert.Contains(e.ErrorId, new[] { "Nb.Picture.Damaged", "Nb.Picture.TooLarge", "Nb.Picture.Unsupported" });
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }
    }

    private static IEnumerable<byte[]> SeedsOf(string format)
    {
        Image<Rgba32> Disc() => Pictures.Disc(40, Pictures.Red, Pictures.Green);
        Image<Rgba32> Clear() =>
            Pictures.Drawn(24, 24, (x, y) => new Rgba32((byte)(x * 10), (byte)(y * 10), 99, (byte)((x + y) * 5)));
        return format switch
        {
            "png" =>
            [
                Pictures.Encoded(Disc()), Pictures.Encoded(Clear()),
                Pictures.Encoded(Clear(),
                    new PngEncoder { BitDepth = PngBitDepth.Bit16, InterlaceMethod = PngInterlaceMode.Adam7 }),
                Pictures.Encoded(Disc(),
                    new PngEncoder { ColorType = PngColorType.Palette, BitDepth = PngBitDepth.Bit4 }),
                HandmadePng.Make(30, 30, 3, 4, interlaced: true), HandmadePng.Make(9, 20, 6, 16, interlaced: true),
                Pictures.Encoded(Disc(),
                    new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit1 }),
                FileParts.WithPngChunk(Pictures.Encoded(Clear()), "eXIf", FileParts.Exif(6)),
            ],
            "jpeg" =>
            [
                Pictures.Encoded(Disc(), new JpegEncoder()), ProgressiveJpeg.Make(40, 24, 4),
                Pictures.Encoded(Disc(), new JpegEncoder { ColorType = JpegColorType.YCbCrRatio444, Quality = 95 }),
                Pictures.Encoded(Disc(), new JpegEncoder { ColorType = JpegColorType.Luminance }),
                Pictures.Encoded(Disc(), new JpegEncoder { ColorType = JpegColorType.Cmyk }),
                FileParts.WithJpegSegments(Pictures.Encoded(Clear(), new JpegEncoder()), 0xE1,
                    (byte[])[.. "Exif\0\0"u8, .. FileParts.Exif(3)]),
            ],
            "webp" =>
            [
                Pictures.Encoded(Disc(), new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }),
                Pictures.Encoded(Scenes.Draw(64, 48),
                    new WebpEncoder { FileFormat = WebpFileFormatType.Lossless, Quality = 100 }),
                Pictures.Encoded(Disc(), new WebpEncoder { FileFormat = WebpFileFormatType.Lossy }),
                Pictures.Encoded(Clear(),
                    new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, UseAlphaCompression = true }),
                Pictures.Encoded(Clear(),
                    new WebpEncoder { FileFormat = WebpFileFormatType.Lossless,
                    Method = WebpEncodingMethod.BestQuality }),
                FileParts.Riff(FileParts.ExtendedHeader(2, 40, 40), FileParts.RiffChunk("ANMF",
                    [.. new byte[16],
                        .. Pictures.Encoded(Disc(),
                        new WebpEncoder { FileFormat = WebpFileFormatType.Lossless })[12..]])),
            ],
            _ =>
            [
                Pictures.Encoded(Disc(), new GifEncoder()), Pictures.Encoded(Clear(), new GifEncoder()),
                FileParts.WithGifExtension(Pictures.Encoded(Disc(), new GifEncoder()), 0xFE, [], new byte[600]),
                Pictures.Encoded(Animated(), new GifEncoder { ColorTableMode = GifColorTableMode.Local }),
            ],
        };

        Image<Rgba32> Animated()
        {
            Image<Rgba32> image = Disc();
            image.Frames.AddFrame(image.Frames.RootFrame);
            return image;
        }
    }
}
