using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoBanana.Imaging.Tests;

/// <summary>Puts parts into files, with right lengths and checksums.</summary>
internal static class FileParts
{
    /// <summary>Puts a chunk behind the header of a PNG.</summary>
    public static byte[] WithPngChunk(byte[] png, string name, byte[] data) =>
        [.. png[..33], .. PngChunk(name, data), .. png[33..]];

    public static byte[] PngChunk(string name, byte[] data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(name, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>Writes every chunk's checksum again, as far as the lengths hold.</summary>
    public static void MendChecksums(Span<byte> png)
    {
        for (int at = 8; png.Length - at >= 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - 12) return;
            BinaryPrimitives.WriteUInt32BigEndian(png[(at + 8 + (int)length)..],
                Crc(png.Slice(at + 4, (int)length + 4)));
            at += (int)length + 12;
        }
    }

    /// <summary>Puts a segment behind the start of a JPEG.</summary>
    public static byte[] WithJpegSegments(byte[] jpeg, byte marker, params IEnumerable<byte[]> data) =>
        [.. jpeg[..2], .. data.SelectMany(one => JpegSegment(marker, one)), .. jpeg[2..]];

    public static byte[] JpegSegment(byte marker, byte[] data)
    {
        int length = data.Length + 2;
        return [0xFF, marker, (byte)(length >> 8), (byte)length, .. data];
    }

    public static byte[] Riff(params IEnumerable<byte[]> chunks)
    {
        byte[] body = [.. "RIFF\0\0\0\0WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), body.Length - 8);
        return body;
    }

    public static byte[] RiffChunk(string name, byte[] data)
    {
        byte[] chunk = new byte[8 + data.Length + (data.Length & 1)];
        System.Text.Encoding.ASCII.GetBytes(name, chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        data.CopyTo(chunk, 8);
        return chunk;
    }

    /// <summary>The header of a WebP with extras.</summary>
    public static byte[] ExtendedHeader(byte flags, int width, int height) => RiffChunk("VP8X",
        [flags, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8),
            0]);

    /// <summary>Puts an extension in front of the first frame of a GIF.</summary>
    public static byte[] WithGifExtension(byte[] gif, byte label, byte[] first, byte[] data)
    {
        int at = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1));
        IEnumerable<byte> blocks = data.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]);
        return [.. gif[..at], 0x21, label, .. first, .. blocks, 0, .. gif[at..]];
    }

    /// <summary>EXIF data that holds an orientation.</summary>
    public static byte[] Exif(byte orientation, bool little = true) => little
        ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    public static byte[] Compressed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest)) zlib.Write(bytes);
        return stream.ToArray();
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = (crc >> 8) ^ Table[(byte)(crc ^ value)];
        return ~crc;
    }

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320 : 0);
        return crc;
    })];
}
