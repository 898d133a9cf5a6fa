using System.Buffers.Binary;
using NanoBanana.Images;

namespace NanoBanana.Imaging;

/// <summary>Whether a file has its end. Decoders forgive a cut-off file and fill it with grey; a person would not.</summary>
internal static class PictureEnd
{
    /// <summary>True when the file surely stops too early.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> bytes, ImageFormat format) => format.MimeType switch
    {
        "image/png" => !HasPngEnd(bytes),
        "image/jpeg" => !HasJpegEnd(bytes),
        "image/webp" => bytes.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L > bytes.Length + 1L,
        "image/gif" => !HasGifEnd(bytes),
        _ => false,
    };

    // Chunk by chunk: length, name, data, checksum.
    private static bool HasPngEnd(ReadOnlySpan<byte> bytes)
    {
        long at = 8;
        while (at + 12 <= bytes.Length)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)at..];
            if (chunk[4..8].SequenceEqual("IEND"u8)) return true;
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return false;
    }

    // Segments up to the first scan, which is then followed by an end marker somewhere: a thumbnail's own end lies before.
    private static bool HasJpegEnd(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF) return false;
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker == 0xDA) return bytes[at..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > 0;
            at += marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }
        return false;
    }

    // Blocks after the colour table: extensions and frames, each a chain of parts of at most 255 bytes.
    private static bool HasGifEnd(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 14) return false;
        long at = 13 + TableLength(bytes[10]);
        while (at < bytes.Length)
        {
            byte kind = bytes[(int)at];
            if (kind == 0x3B) return true;
            if (kind == 0x21) at += 2;
            else if (kind == 0x2C && at + 10 < bytes.Length) at += 11 + TableLength(bytes[(int)at + 9]);
            else return false;
            while (at < bytes.Length && bytes[(int)at] != 0) at += 1 + bytes[(int)at];
            at++;
        }
        return false;
    }

    private static int TableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
