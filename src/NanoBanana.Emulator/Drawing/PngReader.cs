using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoBanana.Emulator.Drawing;

/// <summary>Reads PNG with eight bits a sample, not interlaced: what programs write by default. Transparency is
/// dropped.</summary>
internal static class PngReader
{
    /// <returns>Null for another kind of PNG.</returns>
    public static Raster? Read(ReadOnlySpan<byte> png)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png[16..]);
        int height = BinaryPrimitives.ReadInt32BigEndian(png[20..]);
        int samples = png[25] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        bool hasPalette = png[25] == 3;
        if (png[24] != 8 || samples == 0 || png[28] != 0) return null;

        byte[] palette = [];
        using MemoryStream data = new();
        for (int offset = 8; offset + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png[offset..]);
            ReadOnlySpan<byte> type = png.Slice(offset + 4, 4);
            if (type.SequenceEqual("IDAT"u8)) data.Write(png.Slice(offset + 8, length));
            else if (type.SequenceEqual("PLTE"u8)) palette = png.Slice(offset + 8, length).ToArray();
            offset += length + 12;
        }

        data.Position = 0;
        using ZLibStream zlib = new(data, CompressionMode.Decompress);
        Rgb[] pixels = new Rgb[width * height];
        byte[] above = new byte[width * samples];
        byte[] row = new byte[width * samples];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            zlib.ReadExactly(row);
            Unfilter(filter, row, above, samples);
            for (int x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = Pixel(row.AsSpan(x * samples, samples), hasPalette ? palette : null);
            }
            (row, above) = (above, row);
        }

        return new Raster(width, height, pixels);
    }

    private static Rgb Pixel(ReadOnlySpan<byte> samples, byte[]? palette)
    {
        if (palette is not null)
        {
            return new Rgb(palette[samples[0] * 3], palette[(samples[0] * 3) + 1], palette[(samples[0] * 3) + 2]);
        }
        return samples.Length < 3
            ? new Rgb(samples[0], samples[0], samples[0])
            : new Rgb(samples[0], samples[1], samples[2]);
    }

    private static void Unfilter(int filter, byte[] row, byte[] above, int step)
    {
        for (int index = 0; index < row.Length; index++)
        {
            int left = index < step ? 0 : row[index - step];
            int up = above[index];
            int corner = index < step ? 0 : above[index - step];
            row[index] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException("No such filter."),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
