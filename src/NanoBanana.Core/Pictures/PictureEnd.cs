using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>Tells a picture that runs to its end from one that was cut off, as a power cut or a killed process leaves
/// it.</summary>
internal static class PictureEnd
{
    private const int Window = 64 * 1024;

    // That of a PNG.
    private const int LongestEnd = 12;

    /// <summary>Whether bytes begin as a picture and reach its end. The pixels are not decoded.</summary>
    /// <param name="blob">The bytes.</param>
    /// <param name="isShortened">Whether there were more of them once: then nothing may stand behind the end.</param>
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

    // The first half is not searched: a preview in the header has an end mark of its own.
    private static byte[] Tail(Blob blob, int longest)
    {
        byte[] tail = new byte[(int)Math.Min(longest, (blob.Length + 1) / 2)];
        using Stream stream = blob.OpenRead();
        stream.Seek(-tail.Length, SeekOrigin.End);
        int read = stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        return tail[..read];
    }
}
