using System.Text;
using System.Text.Unicode;

namespace NanoBanana.Gemini.Json;

/// <summary>Repairs JSON text that contains lone surrogates or invalid UTF-8, as models sometimes write it.</summary>
/// <remarks>System.Text.Json rejects such a document as a whole, and with it an image that was paid for.</remarks>
internal static class JsonRepair
{
    private static ReadOnlySpan<byte> Replacement => "\\ufffd"u8;

    /// <summary>Whether raw JSON contains text that the platform's reader would refuse.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> json) =>
        !Utf8.IsValid(json) || (FindSurrogate(json, 0, out int at, out _) && HasLoneSurrogate(json, at));

    /// <summary>The same JSON with U+FFFD in place of invalid characters.</summary>
    public static byte[] Repair(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        var repaired = new MemoryStream(json.Length);
        int done = 0;
        while (FindSurrogate(json, done, out int at, out bool isHigh))
        {
            bool isPair = IsPair(json, at, isHigh);
            repaired.Write(json[done..at]);
            repaired.Write(isPair ? json.Slice(at, 2 * Replacement.Length) : Replacement);
            done = at + (isPair ? 2 : 1) * Replacement.Length;
        }
        repaired.Write(json[done..]);
        return repaired.ToArray();
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> json, int from)
    {
        while (FindSurrogate(json, from, out int at, out bool isHigh))
        {
            if (!IsPair(json, at, isHigh)) return true;
            from = at + 2 * Replacement.Length;
        }
        return false;
    }

    private static bool IsPair(ReadOnlySpan<byte> json, int at, bool isHigh) =>
        isHigh && IsSurrogate(json, at + Replacement.Length, out bool nextIsHigh) && !nextIsHigh;

    private static bool FindSurrogate(ReadOnlySpan<byte> json, int from, out int at, out bool isHigh)
    {
        at = from;
        isHigh = false;
        while (at < json.Length)
        {
            int next = json[at..].IndexOf((byte)'\\');
            if (next < 0) return false;
            at += next;
            if (IsSurrogate(json, at, out isHigh)) return true;
            at += 2;
        }
        return false;
    }

    private static bool IsSurrogate(ReadOnlySpan<byte> json, int at, out bool isHigh)
    {
        isHigh = false;
        if (at + Replacement.Length > json.Length || json[at] != '\\' || json[at + 1] != 'u') return false;
        if ((json[at + 2] | 0x20) != 'd') return false;
        int digit = json[at + 3] | 0x20;
        isHigh = digit is '8' or '9' or 'a' or 'b';
        return isHigh || digit is >= 'c' and <= 'f';
    }
}
