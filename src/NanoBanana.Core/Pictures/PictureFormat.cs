namespace NanoBanana.Pictures;

/// <summary>A file format of an image, recognized by its magic bytes only; or of a video or a document, which some
/// models accept as a reference.</summary>
public sealed record PictureFormat
{
    /// <summary>The catalog's name for a picture.</summary>
    public const string Image = "image";

    /// <summary>The catalog's name for a video.</summary>
    public const string Video = "video";

    /// <summary>The catalog's name for a document.</summary>
    public const string Document = "document";

    private PictureFormat(string mimeType, string extension, bool isInput, string kind = Image)
    {
        MimeType = mimeType;
        Extension = extension;
        IsInput = isInput;
        Kind = kind;
    }

    /// <summary>PNG.</summary>
    public static readonly PictureFormat Png = new("image/png", ".png", isInput: true);

    /// <summary>JPEG.</summary>
    public static readonly PictureFormat Jpeg = new("image/jpeg", ".jpg", isInput: true);

    /// <summary>WebP.</summary>
    public static readonly PictureFormat Webp = new("image/webp", ".webp", isInput: true);

    /// <summary>GIF.</summary>
    public static readonly PictureFormat Gif = new("image/gif", ".gif", isInput: false);

    /// <summary>HEIC: HEIF with HEVC inside.</summary>
    public static readonly PictureFormat Heic = new("image/heic", ".heic", isInput: true);

    /// <summary>HEIF of another codec.</summary>
    public static readonly PictureFormat Heif = new("image/heif", ".heif", isInput: true);

    /// <summary>PDF.</summary>
    public static readonly PictureFormat Pdf = new("application/pdf", ".pdf", isInput: true, Document);

    /// <summary>The videos that the service accepts, by type.</summary>
    public static IReadOnlyList<PictureFormat> Videos { get; } =
    [
        OfVideo("video/mp4", ".mp4"), OfVideo("video/quicktime", ".mov"), OfVideo("video/3gpp", ".3gp"),
        OfVideo("video/webm", ".webm"), OfVideo("video/avi", ".avi"), OfVideo("video/x-flv", ".flv"),
        OfVideo("video/wmv", ".wmv"), OfVideo("video/mpeg", ".mpeg"),
    ];

    /// <summary>Not a picture: a text answer in place of a picture.</summary>
    internal static readonly PictureFormat Words = new("text/plain", ".txt", isInput: false);

    /// <summary>All picture formats known here.</summary>
    public static IReadOnlyList<PictureFormat> All { get; } = [Png, Jpeg, Webp, Gif, Heic, Heif];

    private static readonly PictureFormat[] Inputs = [.. All, .. Videos, Pdf];

    /// <summary>Such as image/png.</summary>
    public string MimeType { get; }

    /// <summary>image, video or document, as the catalog names what a model takes.</summary>
    public string Kind { get; }

    /// <summary>The extension a file of it should have, with the dot.</summary>
    public string Extension { get; }

    /// <summary>Whether the service takes it as input.</summary>
    public bool IsInput { get; }

    /// <summary>How many bytes <see cref="Detect"/> needs.</summary>
    public const int HeadLength = 32;

    /// <summary>Recognizes the format by the first bytes; null for an unknown format.</summary>
    public static PictureFormat? Detect(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(PngMagic)) return Png;
        if (head.Length >= 3 && head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF) return Jpeg;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return Gif;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return Webp;
        return head.Length >= 12 && head[4..].StartsWith("ftyp"u8) ? DetectHeif(head[8..]) : null;
    }

    /// <summary>The format of a mime type, those of videos and documents included; null when it is none of
    /// these.</summary>
    internal static PictureFormat? OfMimeType(string mimeType) =>
        Inputs.FirstOrDefault(format => format.MimeType == mimeType);

    /// <summary>The format of an address by its extension; null for an unknown extension.</summary>
    /// <param name="extension">With the dot, in any case.</param>
    internal static PictureFormat? OfInputExtension(string extension) => OfExtension(extension)
        ?? Inputs.FirstOrDefault(format =>
            string.Equals(format.Extension, extension, StringComparison.OrdinalIgnoreCase))
        ?? extension.ToLowerInvariant() switch
        {
            ".m4v" => OfMimeType("video/mp4"),
            ".mpg" => OfMimeType("video/mpeg"),
            ".qt" => OfMimeType("video/quicktime"),
            ".3gpp" => OfMimeType("video/3gpp"),
            _ => null,
        };

    /// <summary>The format that a file of that extension should have; null when it is none of these.</summary>
    /// <param name="extension">With the dot, in any case.</param>
    public static PictureFormat? OfExtension(string extension) =>
        string.Equals(extension, ".jpeg", StringComparison.OrdinalIgnoreCase)
        ? Jpeg
        : All.FirstOrDefault(format => string.Equals(format.Extension, extension, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => MimeType;


    private static PictureFormat OfVideo(string mimeType, string extension) =>
        new(mimeType, extension, isInput: true, Video);

    private static ReadOnlySpan<byte> PngMagic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // Brands from ISO/IEC 23008-12, annex B: major brand first, minor version, then compatible brands.
    private static PictureFormat? DetectHeif(ReadOnlySpan<byte> brands)
    {
        bool heif = false;
        for (int at = 0; at + 4 <= brands.Length; at += at == 0 ? 8 : 4)
        {
            ReadOnlySpan<byte> brand = brands.Slice(at, 4);
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8)
                || brand.SequenceEqual("hevc"u8) || brand.SequenceEqual("hevx"u8))
            {
                return Heic;
            }
            heif |= brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }
        return heif ? Heif : null;
    }
}
