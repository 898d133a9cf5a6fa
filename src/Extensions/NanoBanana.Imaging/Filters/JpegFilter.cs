using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Keeps of a JPEG its tables, its frame and its scans, and the two segments that define its colors.</summary>
internal static class JpegFilter
{
    // Each scan goes over all pixels, however few bytes it has. Encoders write ten; a scan for each bit would be some
    // hundreds.
    private const int MostScans = 200;

    private static ReadOnlySpan<byte> ProfileMark => "ICC_PROFILE\0"u8;

    /// <inheritdoc cref="PictureFilter.Filter"/>
    public static FilteredPicture Filter(Span<byte> bytes)
    {
        var kept = new KeptBytes(bytes);
        kept.Keep(0, 2);
        int width = 0, height = 0, scans = 0;
        ushort orientation = 1;
        bool hasJfif = false, hasAdobe = false;
        var profile = new JpegProfile();
        for (int at = NextMarker(bytes, 2); at >= 0;)
        {
            byte marker = bytes[at + 1];
            if (marker == 0xD9 && scans > 0)
            {
                kept.Keep(at, 2);
                return new FilteredPicture(kept.Length, width, height) { Orientation = orientation,
                    Profile = profile.Whole() };
            }
            if (bytes.Length - at < 4) break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]), end = at + 2 + length;
            if (length < 2 || end > bytes.Length) break;
            ReadOnlySpan<byte> data = bytes[(at + 4)..end];
            bool keep = marker is 0xC4 or 0xCC or 0xDB or 0xDD;
            if (marker is >= 0xC0 and <= 0xCF && !keep)
            {
                if (width > 0 || data.Length < 5) throw new InvalidDataException("it has no frame, or several.");
                height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
                keep = true;
            }
            else if (marker == 0xDA)
            {
                if (++scans > MostScans) throw new InvalidDataException($"it has more than {MostScans} scans.");
                // Compressed data follows, up to the next marker.
                end = NextMarker(bytes, end);
                if (end < 0) break;
                keep = true;
            }
            else if (marker == 0xE0 && data.StartsWith("JFIF\0"u8)) (keep, hasJfif) = (!hasJfif, true);
            else if (marker == 0xEE && data.StartsWith("Adobe"u8)) (keep, hasAdobe) = (!hasAdobe, true);
            else if (marker == 0xE1 && data.StartsWith("Exif\0\0"u8)) orientation = Orientations.Read(data);
            else if (marker == 0xE2 && data.StartsWith(ProfileMark)) profile.Add(data[ProfileMark.Length..]);
            if (keep) kept.Keep(at, end - at);
            at = NextMarker(bytes, end);
        }
        throw PictureFilter.NoEnd();
    }

    // FF and a kind; not FF00, which is data, nor the restarts within a scan, nor a filling FF, nor those without a
    // length.
    private static int NextMarker(ReadOnlySpan<byte> bytes, int from)
    {
        for (int at = from; at < bytes.Length - 1; at++)
        {
            int next = bytes[at..^1].IndexOf((byte)0xFF);
            if (next < 0) return -1;
            at += next;
            if (bytes[at + 1] is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8))) return at;
        }
        return -1;
    }
}
