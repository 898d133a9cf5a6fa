using System.Text;

namespace NanoBanana.Pictures;

/// <summary>Recognizes videos and documents by their first bytes.</summary>
internal static class MediaSignatures
{
    /// <summary>How many bytes <see cref="Detect"/> needs.</summary>
    public const int HeadLength = 64;

    /// <summary>The format of a video or a document; null for anything else.</summary>
    public static PictureFormat? Detect(ReadOnlySpan<byte> head) => MimeTypeOf(head) is { } type
        ? PictureFormat.OfMimeType(type) : null;

    private static string? MimeTypeOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("%PDF-"u8)) return "application/pdf";
        if (head.StartsWith("FLV\x01"u8)) return "video/x-flv";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])) return "video/wmv";
        // A pack or a sequence of MPEG-1 and MPEG-2.
        if (head.Length > 3 && head[..3].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 1]) && head[3] is 0xBA or 0xB3)
        {
            return "video/mpeg";
        }
        // Matroska begins in the same way, but is not accepted.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return head.IndexOf("webm"u8) > 0 ? "video/webm" : null;
        }
        if (head.Length < 12) return null;
        if (head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI "u8)) return "video/avi";
        return Encoding.ASCII.GetString(head[4..8]) switch
        {
            "ftyp" => OfBrand(Encoding.ASCII.GetString(head[8..12])),
            // QuickTime files of before ftyp was invented.
            "moov" or "wide" or "mdat" => "video/quicktime",
            _ => null,
        };
    }

    // ISO/IEC 14496-12; pictures that begin in this way were recognized before.
    private static string? OfBrand(string brand) => brand switch
    {
        "qt  " => "video/quicktime",
        "avif" or "avis" or "M4A " or "M4B " => null,
        _ when brand.StartsWith("3g", StringComparison.Ordinal) => "video/3gpp",
        _ => "video/mp4",
    };
}
