using System.Buffers.Binary;

namespace NanoBanana.Emulator.Drawing;

/// <summary>Format and size of an image by its first bytes; HEIC says its format only, sizes are then zero.</summary>
internal sealed record ImageHeader(string MimeType, int Width, int Height)
{
    public static ImageHeader? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && IsPng(bytes))
        {
            return new ImageHeader("image/png",
                BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        }

        if (bytes.Length >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8) return ReadJpeg(bytes);
        if (bytes.Length >= 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)) return ReadWebp(bytes);
        if (bytes.Length >= 10 && bytes.StartsWith("GIF8"u8))
        {
            return new ImageHeader("image/gif",
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        }

        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8))
        {
            ReadOnlySpan<byte> brand = bytes.Slice(8, 4);
            return brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8)
                ? new ImageHeader("image/heif", 0, 0)
                : new ImageHeader("image/heic", 0, 0);
        }

        return null;
    }

    private static bool IsPng(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes) == 0x89504E470D0A1A0A;

    private static ImageHeader? ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        int offset = 2;
        while (offset + 9 < bytes.Length && bytes[offset] == 0xFF)
        {
            byte marker = bytes[offset + 1];
            bool isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame)
            {
                return new ImageHeader("image/jpeg",
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 5)..]));
            }

            offset += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]);
        }

        return null;
    }

    private static ImageHeader? ReadWebp(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> kind = bytes.Slice(12, 4);
        if (kind.SequenceEqual("VP8X"u8))
        {
            return new ImageHeader("image/webp", 1 + ReadUInt24(bytes[24..]), 1 + ReadUInt24(bytes[27..]));
        }
        if (kind.SequenceEqual("VP8L"u8))
        {
            uint packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return new ImageHeader("image/webp", 1 + (int)(packed & 0x3FFF), 1 + (int)((packed >> 14) & 0x3FFF));
        }

        return new ImageHeader("image/webp",
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFF,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFF);
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
