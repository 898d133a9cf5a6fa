using System.Runtime.InteropServices;
using System.Text;

namespace NanoBanana.Emulator.Drawing;

/// <summary>
/// Writes an RGB PNG. It compresses by itself, because the zlib of .NET differs from version to version and the same
/// request must give the same bytes in PowerShell 7.4 and in a newer runtime.
/// </summary>
internal static class PngWriter
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    public static byte[] Write(Scene scene, PixelSize size, EmulatorPicture picture, int length)
    {
        ByteBuffer png = new(length + (256 * 1024));
        png.Add([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        ByteBuffer header = new(13);
        header.AddUInt32((uint)size.Width);
        header.AddUInt32((uint)size.Height);
        header.Add([8, 2, 0, 0, 0]);
        AddChunk(png, "IHDR"u8, header.Written);
        AddChunk(png, "tEXt"u8, Encoding.Latin1.GetBytes(EmulatorPicture.Keyword + "\0" + picture.ToText()));
        AddChunk(png, "IDAT"u8, Compress(scene, size));

        // A private, ancillary, safe-to-copy chunk: decoders skip it, and the file is as heavy as a real one.
        int padding = length - png.Length - 24;
        if (padding > 0)
        {
            byte[] filler = new byte[padding];
            new SplitMix64(picture.Seed).Fill(filler);
            AddChunk(png, "nbPd"u8, filler);
        }

        AddChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(Scene scene, PixelSize size)
    {
        Deflater deflater = new();
        Rgb[] row = new Rgb[size.Width];
        Rgb[] above = new Rgb[size.Width];
        byte[] filtered = new byte[1 + (size.Width * 3)];
        for (int y = 0; y < size.Height; y++)
        {
            scene.DrawRow(y, row);
            ReadOnlySpan<byte> current = MemoryMarshal.AsBytes(row.AsSpan());
            ReadOnlySpan<byte> previous = MemoryMarshal.AsBytes(above.AsSpan());
            filtered[0] = 2;
            for (int index = 0; index < current.Length; index++)
            {
                filtered[index + 1] = (byte)(current[index] - previous[index]);
            }
            deflater.Add(filtered);
            (row, above) = (above, row);
        }

        return deflater.Finish();
    }

    private static void AddChunk(ByteBuffer png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        png.AddUInt32((uint)data.Length);
        png.Add(type);
        png.Add(data);
        png.AddUInt32(Crc(data, Crc(type, 0xFFFFFFFF)) ^ 0xFFFFFFFF);
    }

    private static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (byte value in data) crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcEntry(int index)
    {
        uint value = (uint)index;
        for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }
}
