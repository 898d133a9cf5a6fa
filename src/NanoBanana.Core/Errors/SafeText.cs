using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoBanana.Errors;

/// <summary>Cleans all text that people read: it removes secrets, terminal control sequences and base64 of
/// pictures.</summary>
public static partial class SafeText
{
    /// <summary>The text as it may be shown, logged and stored.</summary>
    /// <param name="text">Text from any source, servers included.</param>
    public static string Of(string text)
    {
        if (text.Length == 0) return text;
        text = LongRun()
            .Replace(text, run => string.Create(CultureInfo.InvariantCulture, $"[{run.Length} characters]"));
        return Secrets.Hide(Plain(text));
    }

    /// <summary>The text without escape sequences and control characters; line breaks and tabs stay.</summary>
    /// <param name="text">Text from any source, servers included.</param>
    public static string Plain(string text) =>
        text.AsSpan().IndexOfAny(Control) < 0 ? text : Unwanted().Replace(text, "");

    private static readonly SearchValues<char> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\n' or '\t')),
        '\u2028', '\u2029', .. Enumerable.Range(0x202A, 5).Select(c => (char)c),
        .. Enumerable.Range(0x2066, 4).Select(c => (char)c)]);

    // Terminal sequences (ECMA-48: CSI, OSC and other strings, two-character escapes), single control characters, and
    // characters that change the reading direction.
    [GeneratedRegex(@"(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]?"
        + @"|(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C)?"
        + @"|\x1B[ -/]*[0-~]?"
        + @"|[\x00-\x08\x0B-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069]")]
    private static partial Regex Unwanted();

    [GeneratedRegex(@"[A-Za-z0-9+/=_-]{1000,}")]
    private static partial Regex LongRun();
}
