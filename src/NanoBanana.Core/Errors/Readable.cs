using System.Globalization;

namespace NanoBanana.Errors;

/// <summary>Numbers as people read them, the same in every culture: logs and screens can be compared.</summary>
public static class Readable
{
    // Line breaks and what must not reach a terminal are left out of it.
    private const int LongestRead = 4096;

    /// <summary>USD with four decimals, as a single image costs a few cents; two from a hundred dollars on; empty when
    /// unknown.</summary>
    public static string Money(decimal? usd) => usd switch
    {
        null => "",
        >= 100 => usd.Value.ToString("$#,0.00", CultureInfo.InvariantCulture),
        _ => usd.Value.ToString("$0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>A price as the catalog has it: no more digits than it needs, two at least.</summary>
    public static string Price(decimal? usd) => usd?.ToString("$0.00####", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Bytes as B, KB, MB or GB of 1024 each.</summary>
    public static string Bytes(long? count) => count switch
    {
        null => "",
        < 1024 => FormattableString.Invariant($"{count} B"),
        < 1024 * 1024 => FormattableString.Invariant($"{count / 1024.0:0} KB"),
        < 1024 * 1024 * 1024 => FormattableString.Invariant($"{count / 1024.0 / 1024:0.0} MB"),
        _ => FormattableString.Invariant($"{count / 1024.0 / 1024 / 1024:0.0} GB"),
    };

    /// <summary>A time span in the largest unit that fits: 850 ms, 12.3 s, 4 min 05 s, 2 h 10 min.</summary>
    public static string Duration(TimeSpan? time) => time switch
    {
        null => "",
        { TotalSeconds: < 1 } => FormattableString.Invariant($"{time.Value.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => FormattableString.Invariant($"{time.Value.TotalSeconds:0.#} s"),
        { TotalHours: < 1 } => FormattableString.Invariant($"{time.Value.Minutes} min {time.Value.Seconds:00} s"),
        _ => FormattableString.Invariant($"{Math.Floor(time.Value.TotalHours):0} h {time.Value.Minutes:00} min"),
    };

    /// <summary>Width and height, such as 1376x768; empty when the picture does not tell.</summary>
    public static string Pixels(int width, int height) =>
        width == 0 && height == 0 ? "" : FormattableString.Invariant($"{width}x{height}");

    /// <summary>A moment in local time, to the second, in the one form that sorts.</summary>
    public static string Moment(DateTimeOffset? moment) =>
        moment?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Text on one line.</summary>
    /// <param name="text">The text; null for an empty one.</param>
    /// <param name="most">Most characters (UTF-16), at least 2; a longer text is cut and ends in an ellipsis.</param>
    public static string Short(string? text, int most = 80)
    {
        text ??= "";
        // A prompt may have millions of characters; its beginning is enough for a line.
        bool isCut = text.Length > most + LongestRead;
        int read = Math.Min(text.Length, most + LongestRead);
        if (isCut) text = text[..(char.IsHighSurrogate(text[read - 1]) ? read - 1 : read)];
        string line = string.Join(' ', SafeText.Plain(text)
            .Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Trim();
        if (line.Length <= most) return isCut ? line + "…" : line;
        int end = char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1;
        return string.Concat(line.AsSpan(0, end), "…");
    }
}
