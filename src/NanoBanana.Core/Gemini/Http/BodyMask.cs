using System.Text;

namespace NanoBanana.Gemini.Http;

/// <summary>Copies the beginning of a body's text as it passes, with long runs of base64 replaced by their
/// length.</summary>
internal sealed class BodyMask
{
    // Longer than any key, id or hash that is worth reading, shorter than any image.
    private const int LongestRun = 200;
    private const int MaxLength = 64 * 1024;

    private readonly List<byte> _text = [];
    private readonly List<byte> _run = [];
    private long _runLength;
    private long _length;

    /// <summary>Takes the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        foreach (byte value in bytes)
        {
            if (IsBase64(value))
            {
                if (_runLength++ < LongestRun) _run.Add(value);
                continue;
            }
            EndRun();
            Keep([value]);
        }
    }

    /// <summary>The text so far.</summary>
    public override string ToString()
    {
        EndRun();
        string text = Encoding.UTF8.GetString([.. _text]);
        return _text.Count < MaxLength ? text : FormattableString.Invariant($"{text}… ({_length} bytes in all)");
    }

    // The alphabet of base64, that of its URL form, and the backslash with which JSON may escape a slash.
    private static bool IsBase64(byte value) =>
        char.IsAsciiLetterOrDigit((char)value)
            || value is (byte)'+' or (byte)'/' or (byte)'=' or (byte)'-' or (byte)'_' or (byte)'\\';

    private void EndRun()
    {
        if (_runLength == 0) return;
        if (_runLength <= LongestRun) Keep([.. _run]);
        else Keep(Encoding.ASCII.GetBytes(FormattableString.Invariant($"[{_runLength} characters of base64]")));
        _run.Clear();
        _runLength = 0;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_text.Count < MaxLength) _text.AddRange(bytes);
    }
}
