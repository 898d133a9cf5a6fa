using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Reads only the orientation from EXIF data.</summary>
internal static class Orientations
{
    private const ushort Tag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>The EXIF orientation, 1 to 8; 1 (upright) by default.</summary>
    /// <param name="exif">The EXIF data, with or without the header that JPEG puts before it.</param>
    public static ushort Read(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8)) exif = exif[6..];
        if (exif.Length < 8) return 1;
        bool little = exif.StartsWith("II"u8);
        if (!little && !exif.StartsWith("MM"u8)) return 1;
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2) return 1;
        int count = Short(exif[(int)directory..]);
        for (int at = (int)directory + 2; count > 0 && at + 12 <= exif.Length; at += 12, count--)
        {
            ReadOnlySpan<byte> entry = exif[at..];
            if (Short(entry) != Tag) continue;
            ushort value = Short(entry[8..]);
            return Short(entry[2..]) == ShortType && value is >= 1 and <= 8 ? value : (ushort)1;
        }
        return 1;

        ushort Short(ReadOnlySpan<byte> bytes) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
