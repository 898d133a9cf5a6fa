namespace NanoBanana.Gemini.Json;

/// <summary>Turns server-sent events into lines, with the data of one event per line. Comments and other fields are
/// left out.</summary>
/// <remarks>https://html.spec.whatwg.org/multipage/server-sent-events.html</remarks>
internal sealed class EventStream(Stream events) : ForwardStream
{
    private static ReadOnlySpan<byte> Data => "data:"u8;

    private int _matched;
    private Field _field = Field.Start;
    private bool _hasData;

    // The reader's position in a line of the events.
    private enum Field
    {
        Start,
        Space,
        Data,
        Other,
    }

    /// <summary>Whether a body begins like an event stream.</summary>
    public static bool IsEvents(ReadOnlySpan<byte> beginning) =>
        beginning.StartsWith(Data) || beginning.StartsWith(":"u8) || beginning.StartsWith("event:"u8)
        || beginning.StartsWith("id:"u8) || beginning.StartsWith("retry:"u8);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            int read = await events.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) return 0;
            // The output is never longer than the input, so it fits in the same buffer.
            int kept = Filter(buffer.Span[..read]);
            if (kept > 0) return kept;
        }
    }

    private int Filter(Span<byte> bytes)
    {
        int kept = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            byte c = bytes[at];
            if (c == '\r') continue;
            if (c == '\n')
            {
                // A blank line ends the event; within an event, data continues on the next line.
                bool isBlank = _field == Field.Start && _matched == 0;
                if (isBlank && _hasData) bytes[kept++] = (byte)'\n';
                else if (_field == Field.Data) bytes[kept++] = (byte)' ';
                if (isBlank) _hasData = false;
                _field = Field.Start;
                _matched = 0;
                continue;
            }
            switch (_field)
            {
                case Field.Start when c == Data[_matched]:
                    if (++_matched == Data.Length) _field = Field.Space;
                    break;
                case Field.Start:
                    _field = Field.Other;
                    break;
                case Field.Space or Field.Data:
                    bool isSpace = _field == Field.Space && c == ' ';
                    _field = Field.Data;
                    _hasData = true;
                    if (isSpace) break;
                    int end = bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
                    ReadOnlySpan<byte> rest = end < 0 ? bytes[at..] : bytes.Slice(at, end);
                    rest.CopyTo(bytes[kept..]);
                    kept += rest.Length;
                    at += rest.Length - 1;
                    break;
            }
        }
        return kept;
    }
}
