using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>Distinguishes a complete picture from one that was truncated by a power cut or a killed process.</summary>
internal static class PictureEnd
{
    private const int Window = 64 * 1024;

    // The end of a PNG.
    private const int LongestEnd = 12;

    /// <summary>Whether bytes begin and end like a picture. The pixels are not decoded.</summary>
    /// <param name="blob">The bytes.</param>
    /// <param name="isShortened">Whether the file was longer before: then nothing may follow the end mark.</param>
    /// <exception cref="NbException">The file behind the blob is missing or unreadable.</exception>
    public static bool IsReached(Blob blob, bool isShortened)
    {
        if (blob.Length == 0 || PictureInfo.Read(blob) is not { } info) return false;
        byte[] tail = Tail(blob, isShortened ? LongestEnd : Window);
        // Blocks that never reached the disk are zeros.
        if (tail.AsSpan(^Math.Min(tail.Length, 64)..).IndexOfAnyExcept((byte)0) < 0) return false;
        return info.Format.MimeType switch
        {
            // A program may have appended data after the end.
            "image/jpeg" => tail.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xD9]) >= 0,
            "image/png" => tail.AsSpan().LastIndexOf("IEND"u8) >= 0,
            "image/webp" => BitConverter.ToUInt32(blob.ReadHead(8), 4) + 8L <= blob.Length,
            "image/gif" => tail[^1] == 0x3B,
            _ => true,
        };
    }

    // The first half is not searched, because a preview in the header has its own end mark.
    private static byte[] Tail(Blob blob, int longest)
    {
        byte[] tail = new byte[(int)Math.Min(longest, (blob.Length + 1) / 2)];
        using Stream stream = blob.OpenRead();
        stream.Seek(-tail.Length, SeekOrigin.End);
        int read = stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        return tail[..read];
    }
}
