using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Keeps of a WebP its pixels and their transparency; of an animation, those of the first frame.</summary>
internal static class WebpFilter
{
    private const int Header = 12;
    private const int FrameHeader = 16;
    private const byte HasAlpha = 0x10;

    /// <inheritdoc cref="PictureFilter.Filter"/>
    public static FilteredPicture Filter(Span<byte> bytes)
    {
        if (bytes.Length < Header + 8) throw PictureFilter.NoEnd();
        // The last byte may only fill up.
        long claimed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L;
        if (claimed > bytes.Length + 1L) throw PictureFilter.NoEnd();
        int end = (int)Math.Min(claimed, bytes.Length);
        var kept = new KeptBytes(bytes);
        kept.Keep(0, Header);
        bool isExtended = false, hasAlpha = false, hasPicture = false;
        int width = 0, height = 0;
        ushort orientation = 1;
        byte[]? profile = null;
        for (int at = Header; end - at >= 8;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > end - at - 8) throw PictureFilter.NoEnd();
            ReadOnlySpan<byte> name = bytes.Slice(at, 4), data = bytes.Slice(at + 8, (int)length);
            int whole = Math.Min(8 + (int)length + (int)(length & 1), end - at);
            bool keep = false;
            if (name.SequenceEqual("VP8X"u8) && at == Header && length == 10) keep = isExtended = true;
            else if (name.SequenceEqual("ALPH"u8))
            {
                (keep, hasAlpha) = (isExtended && !hasAlpha && !hasPicture, hasAlpha || (isExtended && !hasPicture));
            }
            else if (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8))
            {
                keep = !hasPicture;
                if (keep) (width, height) = name[3] == 'L' ? LosslessSize(data) : LossySize(data);
                hasPicture = true;
            }
            else if (name.SequenceEqual("EXIF"u8)) orientation = Orientations.Read(data);
            else if (name.SequenceEqual("ICCP"u8) && length <= PictureFilter.ProfileLimit) profile ??= data.ToArray();
            else if (name.SequenceEqual("ANMF"u8) && length > FrameHeader && isExtended && !hasPicture)
            {
                // Its chunks are read like top-level ones.
                whole = 8 + FrameHeader;
            }
            if (keep) kept.Keep(at, whole);
            at += whole;
        }
        if (!hasPicture) throw new InvalidDataException("it has no pixels.");
        if (isExtended) Describe(bytes.Slice(Header + 8, 10), hasAlpha, width, height);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)kept.Length - 8);
        return new FilteredPicture(kept.Length, width, height) { Orientation = orientation, Profile = profile };
    }

    // The extended header must match the remaining chunks.
    private static void Describe(Span<byte> header, bool hasAlpha, int width, int height)
    {
        header.Clear();
        header[0] = hasAlpha ? HasAlpha : (byte)0;
        Write(header[4..], width - 1);
        Write(header[7..], height - 1);

        static void Write(Span<byte> to, int value) =>
            (to[0], to[1], to[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
    }

    private static (int Width, int Height) LossySize(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10) throw PictureFilter.NoEnd();
        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF,
            BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }

    private static (int Width, int Height) LosslessSize(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5) throw PictureFilter.NoEnd();
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
    }
}
