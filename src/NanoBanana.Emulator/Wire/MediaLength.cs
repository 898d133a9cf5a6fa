using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Wire;

/// <summary>How many units of an input are billed: one for a picture, seconds of a video, pages of a
/// document.</summary>
internal static partial class MediaLength
{
    // Media whose length cannot be read.
    private const int UnknownSeconds = 60;

    public static int Of(RequestMedia media) => media.ContentType switch
    {
        "video" => media.IsReference ? UnknownSeconds : Seconds(media.Bytes.Span) ?? UnknownSeconds,
        "document" when !media.IsReference =>
            Math.Max(1, Page().Count(Encoding.Latin1.GetString(media.Bytes.Span))),
        _ => 1,
    };

    // The movie header of MP4 and QuickTime, version 0.
    private static int? Seconds(ReadOnlySpan<byte> bytes)
    {
        int at = bytes.IndexOf("mvhd"u8);
        if (at < 0 || at + 24 > bytes.Length || bytes[at + 4] != 0) return null;
        uint scale = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 16)..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 20)..]);
        return scale == 0 ? null : (int)Math.Ceiling((double)length / scale);
    }

    [GeneratedRegex(@"/Type\s*/Page(?![A-Za-z])")]
    private static partial Regex Page();
}
