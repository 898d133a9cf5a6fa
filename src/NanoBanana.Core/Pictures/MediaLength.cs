using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>How long a video or a document is, which decides what it costs. It is used only for estimates, so an
/// unreadable length is unknown, not an error.</summary>
internal static partial class MediaLength
{
    // Longer documents are not searched for their pages.
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly object Unknown = new();

    // Room for a header and a few boxes or elements.
    private const int HeadLength = 64 * 1024;

    // Cached, because a reference is examined for each item that uses it, and in each of an item's checks.
    private static readonly ConditionalWeakTable<Blob, object> Known = [];

    /// <summary>Seconds of a video or pages of a document, rounded up; null when it does not say.</summary>
    public static int? Of(Blob data, PictureFormat format)
    {
        if (format.Kind == PictureFormat.Image) return null;
        return Known.GetValue(data, _ => Read(data, format) ?? Unknown) is int length ? length : null;
    }

    private static object? Read(Blob data, PictureFormat format)
    {
        try
        {
            double? length = format.MimeType switch
            {
                "video/mp4" or "video/quicktime" or "video/3gpp" => OfBoxes(data),
                "video/webm" => OfElements(data.ReadHead(HeadLength)),
                "application/pdf" => PagesOf(data),
                _ => null,
            };
            return length is > 0 and < int.MaxValue ? (int)Math.Ceiling(length.Value) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NbException or ArgumentException)
        {
            return null;
        }
    }

    // ISO/IEC 14496-12: moov/mvhd has the time scale and the duration. It may come after the media data.
    private static double? OfBoxes(Blob data)
    {
        using Stream stream = data.OpenRead();
        byte[] head = new byte[8];
        while (stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8)
        {
            long rest = BinaryPrimitives.ReadUInt32BigEndian(head) - 8L;
            if (head.AsSpan(4).SequenceEqual("moov"u8))
            {
                byte[] movie = new byte[HeadLength];
                return OfMovie(movie.AsSpan(0, stream.ReadAtLeast(movie, movie.Length, throwOnEndOfStream: false)));
            }
            if (rest == -7)
            {
                stream.ReadExactly(head);
                rest = BinaryPrimitives.ReadInt64BigEndian(head) - 16;
            }
            if (rest < 0 || !Skip(stream, rest)) return null;
        }
        return null;
    }

    // The stream cannot seek.
    private static bool Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            long left = stream.Length - stream.Position;
            if (count <= left) stream.Seek(count, SeekOrigin.Current);
            return count <= left;
        }
        byte[] piece = new byte[(int)Math.Min(count, HeadLength)];
        for (int read; count > 0; count -= read)
        {
            read = stream.Read(piece, 0, (int)Math.Min(count, piece.Length));
            if (read == 0) return false;
        }
        return true;
    }

    private static double? OfMovie(ReadOnlySpan<byte> movie)
    {
        int at = movie.IndexOf("mvhd"u8);
        if (at < 0 || at + 36 > movie.Length) return null;
        ReadOnlySpan<byte> header = movie[(at + 4)..];
        bool isLong = header[0] == 1;
        uint scale = BinaryPrimitives.ReadUInt32BigEndian(header[(isLong ? 20 : 12)..]);
        ulong duration = isLong ? BinaryPrimitives.ReadUInt64BigEndian(header[24..])
            : BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        return scale == 0 ? null : (double)duration / scale;
    }

    // RFC 8794 and 9559: Duration is a float, in units of TimestampScale nanoseconds (a million when it is not said).
    private static double? OfElements(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf((ReadOnlySpan<byte>)[0x44, 0x89]);
        if (at < 0 || at + 11 > head.Length) return null;
        double duration = head[at + 2] switch
        {
            0x84 => BinaryPrimitives.ReadSingleBigEndian(head[(at + 3)..]),
            0x88 => BinaryPrimitives.ReadDoubleBigEndian(head[(at + 3)..]),
            _ => double.NaN,
        };
        double scale = 1_000_000;
        int named = head.IndexOf((ReadOnlySpan<byte>)[0x2A, 0xD7, 0xB1]);
        if (named >= 0 && named + 3 < head.Length && head[named + 3] is > 0x80 and <= 0x84 and var size)
        {
            scale = 0;
            foreach (byte digit in head.Slice(named + 4, size - 0x80)) scale = scale * 256 + digit;
        }
        return double.IsNaN(duration) ? null : duration * scale / 1_000_000_000;
    }

    // ISO 32000: each page is a separate object, which newer files compress together.
    private static double? PagesOf(Blob data)
    {
        if (data.Length > MostBytes) return null;
        byte[] bytes = data.ReadHead((int)data.Length);
        byte[] objects = new byte[1024 * 1024];
        int pages = Page().Count(Encoding.Latin1.GetString(bytes));
        for (int at = 0; bytes.AsSpan(at).IndexOf("/ObjStm"u8) is >= 0 and var found;)
        {
            at += found + 7;
            int start = bytes.AsSpan(at).IndexOf("stream"u8);
            if (start < 0) break;
            at += start + 6;
            while (at < bytes.Length && bytes[at] is (byte)'\r' or (byte)'\n') at++;
            pages += PackedPages(bytes, at, objects);
        }
        return pages == 0 ? null : pages;
    }

    private static int PackedPages(byte[] bytes, int at, byte[] objects)
    {
        using var packed = new ZLibStream(new MemoryStream(bytes, at, bytes.Length - at), CompressionMode.Decompress);
        int read = packed.ReadAtLeast(objects, objects.Length, throwOnEndOfStream: false);
        return Page().Count(Encoding.Latin1.GetString(objects, 0, read));
    }

    [GeneratedRegex(@"/Type\s*/Page(?![A-Za-z])")]
    private static partial Regex Page();
}
