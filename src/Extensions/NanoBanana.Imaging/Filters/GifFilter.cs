using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Keeps of a GIF its screen, its colors and its first frame; comments, applications' data and further frames
/// go.</summary>
internal static class GifFilter
{
    private const int Header = 13;
    private const int Descriptor = 10;

    /// <inheritdoc cref="PictureFilter.Filter"/>
    public static FilteredPicture Filter(Span<byte> bytes)
    {
        if (bytes.Length <= Header) throw PictureFilter.NoEnd();
        var kept = new KeptBytes(bytes);
        int at = Header + TableLength(bytes[10]);
        if (at > bytes.Length) throw PictureFilter.NoEnd();
        kept.Keep(0, at);
        int width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        byte[]? control = null;
        bool hasFrame = false;
        while (at < bytes.Length)
        {
            int start = at;
            switch (bytes[at])
            {
                case 0x3B when hasFrame:
                    bytes[kept.Length] = 0x3B;
                    return new FilteredPicture(kept.Length + 1, width, height);
                case 0x21:
                    at = AfterBlocks(bytes, at + 2);
                    // The transparent color; of several, the last one before the frame is used.
                    if (!hasFrame && at == start + 8 && bytes[start + 1] == 0xF9) control = bytes[start..at].ToArray();
                    break;
                case 0x2C when bytes.Length - at > Descriptor:
                    ReadOnlySpan<byte> frame = bytes[at..];
                    at = AfterBlocks(bytes, at + Descriptor + TableLength(frame[9]) + 1);
                    if (hasFrame) break;
                    hasFrame = true;
                    width = Math.Max(width, BinaryPrimitives.ReadUInt16LittleEndian(frame[5..]));
                    height = Math.Max(height, BinaryPrimitives.ReadUInt16LittleEndian(frame[7..]));
                    if (control is not null)
                    {
                        // It was before the frame, so there is room for it.
                        control.CopyTo(bytes[(start - control.Length)..]);
                        start -= control.Length;
                    }
                    kept.Keep(start, at - start);
                    break;
                default:
                    throw PictureFilter.NoEnd();
            }
        }
        throw PictureFilter.NoEnd();
    }

    // Parts of at most 255 bytes, each after its length, up to one of none.
    private static int AfterBlocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0) at += 1 + bytes[at];
        return at < bytes.Length ? at + 1 : throw PictureFilter.NoEnd();
    }

    private static int TableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
