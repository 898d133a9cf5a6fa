using System.IO.Compression;
using NanoBanana.Pictures;

namespace NanoBanana.Imaging.Filters;

/// <summary>
/// Goes through a file before a decoder sees it, and leaves in it only what the pixels of the first frame need. Texts,
/// profiles, EXIF,
/// further frames and unknown parts are where decoders were made to take gigabytes (GHSA-rxmq-m78w-7wmc,
/// CVE-2026-106114).
/// What a caller needs of them, the orientation and a small color profile, is read here.
/// </summary>
internal static class PictureFilter
{
    /// <summary>Bytes of a color profile that is kept. Those of cameras and screens have some kilobytes, of presses
    /// half a megabyte.</summary>
    public const int ProfileLimit = 1024 * 1024;

    /// <summary>Filters a file in its own buffer.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="format">Its format: png, jpeg, webp or gif.</param>
    /// <exception cref="InvalidDataException">It is damaged, or ends before its end: decoders would fill the rest with
    /// gray.</exception>
    public static FilteredPicture Filter(Span<byte> bytes, PictureFormat format) => format.MimeType switch
    {
        "image/png" => PngFilter.Filter(bytes),
        "image/jpeg" => JpegFilter.Filter(bytes),
        "image/webp" => WebpFilter.Filter(bytes),
        "image/gif" => GifFilter.Filter(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.MimeType, null),
    };

    /// <summary>The error of a file that stops too early.</summary>
    public static InvalidDataException NoEnd() => new("it ends before its end.");

    /// <summary>Unpacks zlib data, or gives null when it is broken or more than <see cref="ProfileLimit"/>.</summary>
    public static byte[]? Inflate(ReadOnlySpan<byte> packed)
    {
        using var from = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[16384];
        try
        {
            for (int read; (read = from.Read(buffer)) > 0;)
            {
                if (whole.Length + read > ProfileLimit) return null;
                whole.Write(buffer, 0, read);
            }
            return whole.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
