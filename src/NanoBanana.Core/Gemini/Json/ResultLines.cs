namespace NanoBanana.Gemini.Json;

/// <summary>Puts each element of a JSON array on its own line; JSON lines pass through unchanged.</summary>
/// <param name="source">JSON lines, or one array.</param>
internal sealed class ResultLines(Stream source) : ForwardStream
{
    private bool _isStarted;
    private bool _isArray;
    private bool _isInText;
    private bool _isEscaped;
    private int _depth;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Relay(buffer.Span[..read]);
        return read;
    }

    // Changed in place: bytes outside the elements become blanks or line breaks.
    private void Relay(Span<byte> bytes)
    {
        if (_isStarted && !_isArray) return;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (!_isStarted && IsBefore(bytes[at])) continue;
            if (!_isStarted)
            {
                _isStarted = true;
                _isArray = bytes[at] == '[';
                if (!_isArray) return;
            }
            bytes[at] = Relayed(bytes[at]);
        }
    }

    private byte Relayed(byte c)
    {
        if (_isInText)
        {
            if (_isEscaped) _isEscaped = false;
            else if (c == '\\') _isEscaped = true;
            else _isInText = c != '"';
            return c;
        }
        switch (c)
        {
            case (byte)'"':
                _isInText = true;
                return c;
            case (byte)'[' or (byte)'{':
                return _depth++ == 0 ? (byte)' ' : c;
            case (byte)']' or (byte)'}':
                return --_depth == 0 ? (byte)'\n' : c;
            case (byte)',' when _depth == 1:
                return (byte)'\n';
            case (byte)'\r' or (byte)'\n':
                return (byte)' ';
            default:
                return c;
        }
    }

    // Blanks and the byte order mark.
    private static bool IsBefore(byte c) =>
        c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF;
}
