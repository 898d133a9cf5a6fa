using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Keeps of a PNG its header, palette, transparency and pixels: chunks of length, name, data and
/// checksum.</summary>
internal static class PngFilter
{
    private const int Around = 12;

    /// <inheritdoc cref="PictureFilter.Filter"/>
    public static FilteredPicture Filter(Span<byte> bytes)
    {
        var kept = new KeptBytes(bytes);
        kept.Keep(0, 8);
        int width = 0, height = 0;
        ushort orientation = 1;
        byte[]? profile = null;
        bool hasPalette = false, hasTransparency = false;
        for (int at = 8; bytes.Length - at >= Around;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Around) break;
            ReadOnlySpan<byte> name = bytes.Slice(at + 4, 4), data = bytes.Slice(at + 8, (int)length);
            bool isHeader = name.SequenceEqual("IHDR"u8), isEnd = name.SequenceEqual("IEND"u8), keep = isHeader
                || isEnd;
            if (isHeader != (at == 8) || (isHeader && length != 13))
            {
                throw new InvalidDataException("its header is not where it must be.");
            }
            if (isHeader)
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
            }
            else if (name.SequenceEqual("IDAT"u8)) keep = length > 0;
            else if (name.SequenceEqual("PLTE"u8)) (keep, hasPalette) = (!hasPalette && length <= 768, true);
            else if (name.SequenceEqual("tRNS"u8)) (keep, hasTransparency) = (!hasTransparency && length <= 256, true);
            else if (name.SequenceEqual("eXIf"u8)) orientation = Orientations.Read(data);
            else if (name.SequenceEqual("iCCP"u8)) profile ??= Profile(data);
            if (keep) kept.Keep(at, (int)length + Around);
            if (isEnd)
            {
                return new FilteredPicture(kept.Length, width, height) { Orientation = orientation, Profile = profile };
            }
            at += (int)length + Around;
        }
        throw PictureFilter.NoEnd();
    }

    // A name that ends with a zero, the way of packing, which is zero, and the profile.
    private static byte[]? Profile(ReadOnlySpan<byte> data)
    {
        int name = data.IndexOf((byte)0);
        return name < 0 || data.Length < name + 2
            || data.Length > PictureFilter.ProfileLimit ? null : PictureFilter.Inflate(data[(name + 2)..]);
    }
}
