using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Json;

/// <summary>Pulls JSON tokens from a stream. A base64 string goes directly into a blob and is never held in memory as a
/// whole.</summary>
/// <remarks>
/// In line mode (JSON Lines) every line is a document of its own; a broken line is skipped with
/// <see cref="NextLineAsync"/>.
/// </remarks>
internal sealed class JsonStreamReader : IDisposable
{
    private const int InitialBuffer = 64 * 1024;

    // A long string is read in pieces of this size: half the time of an answer went into system calls for smaller ones.
    private const int LongStringBuffer = 256 * 1024;
    private const int LargestToken = 256 * 1024 * 1024;

    // Deeper than any answer; the platform's default of 64 may not be enough.
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    private readonly Stream _stream;
    private readonly bool _lines;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _filled;
    private int _pin = -1;
    private int _tryAgainAt;
    private readonly List<byte[]> _aside = [];
    private int _asideLength;
    private bool _ended;
    private bool _started;
    private int _valueStart;
    private int _valueLength;
    private JsonReaderState _state = new(Options);

    /// <summary>A reader that does not own the stream.</summary>
    /// <param name="stream">The bytes, UTF-8.</param>
    /// <param name="lines">Whether each line is a document.</param>
    /// <param name="bufferSize">First size of the buffer; it grows with the largest token that is not base64.</param>
    public JsonStreamReader(Stream stream, bool lines = false, int bufferSize = InitialBuffer)
    {
        _stream = stream;
        _lines = lines;
        _buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
    }

    /// <summary>Whether the bytes can be fetched again free of charge, so that an incomplete body is no loss.</summary>
    public bool IsDownload { get; init; }

    /// <summary>The last token read.</summary>
    public JsonTokenType Token { get; private set; }

    /// <summary>How many objects and arrays are open around the token.</summary>
    public int Depth { get; private set; }

    private bool AtNewline => _lines && _end < _filled;

    /// <summary>Reads the next token; false at the end of the document.</summary>
    /// <exception cref="NbException">The text is not JSON, or ends in the middle.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_started) await StartAsync(cancellationToken).ConfigureAwait(false);
        while (!TryRead())
        {
            if (await FillAsync(cancellationToken).ConfigureAwait(false)) continue;
            // There are no more bytes, so a token that waited for more is parsed now.
            if (TryRead()) break;
            if (Depth == 0 && Token is JsonTokenType.EndObject or JsonTokenType.EndArray) return false;
            throw EndedInTheMiddle();
        }
        return true;
    }

    /// <summary>Reads on inside an object: true at a property name, false at the object's end.</summary>
    public async ValueTask<bool> NextFieldAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        return Token == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next object of the open array, and skips other values.</summary>
    public async ValueTask<bool> NextObjectAsync(CancellationToken cancellationToken)
    {
        int depth = 0;
        while (true)
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (Token)
            {
                case JsonTokenType.StartObject when depth == 0:
                    return true;
                case JsonTokenType.EndArray when depth == 0:
                    return false;
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    depth++;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    depth--;
                    break;
            }
        }
    }

    /// <summary>The last string or property name read.</summary>
    public string GetString()
    {
        ReadOnlySpan<byte> raw = _buffer.AsSpan(_valueStart, _valueLength);
        if (JsonRepair.IsNeeded(raw)) raw = JsonRepair.Repair(raw);
        if (!raw.Contains((byte)'\\')) return Encoding.UTF8.GetString(raw);
        byte[] quoted = [(byte)'"', .. raw, (byte)'"'];
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>At the start, or after a property name: the next byte, without reading it.</summary>
    public async ValueTask<byte> PeekAsync(CancellationToken cancellationToken)
    {
        if (!_started) await StartAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _start++;
            if (_start < _end) return _buffer[_start];
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) throw EndedInTheMiddle();
        }
    }

    /// <summary>After a property name: reads its value as a string; skips another value and returns null.</summary>
    public async ValueTask<string?> ReadStringAsync(CancellationToken cancellationToken)
    {
        if (await PeekAsync(cancellationToken).ConfigureAwait(false) != '"')
        {
            await SkipAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        return GetString();
    }

    /// <summary>After a property name whose value is a string: decodes it into a blob, in one pass. False when it is
    /// not base64.</summary>
    public async ValueTask<bool> ReadBase64Async(BlobWriter writer, CancellationToken cancellationToken)
    {
        var decoder = new Base64Decoder(writer);
        await TakeStringAsync(decoder, cancellationToken).ConfigureAwait(false);
        return decoder.Finish();
    }

    /// <summary>After a property name whose value is a string: its first bytes, without reading them; fewer if it is
    /// shorter.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekStringAsync(int most, CancellationToken cancellationToken)
    {
        await PeekAsync(cancellationToken).ConfigureAwait(false);
        while (_end - _start <= most && await FillAsync(cancellationToken).ConfigureAwait(false)) { }
        ReadOnlyMemory<byte> value = _buffer.AsMemory(_start + 1, Math.Min(most, _end - _start - 1));
        int end = value.Span.IndexOf((byte)'"');
        return end < 0 ? value : value[..end];
    }

    /// <summary>After a property name: skips its value, however large it is.</summary>
    public async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        int depth = Depth;
        do
        {
            if (Token == JsonTokenType.PropertyName && await PeekAsync(cancellationToken).ConfigureAwait(false) == '"')
            {
                await TakeStringAsync(decoder: null, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (IsInside(depth));
    }

    /// <summary>After a property name: a copy of its raw value.</summary>
    public async ValueTask<JsonElement> CaptureAsync(CancellationToken cancellationToken)
    {
        await PeekAsync(cancellationToken).ConfigureAwait(false);
        int depth = Depth;
        _pin = _start;
        try
        {
            do
            {
                // A string may have any length, so it is not held as one token.
                if (Token == JsonTokenType.PropertyName
                    && await PeekAsync(cancellationToken).ConfigureAwait(false) == '"')
                {
                    await TakeStringAsync(decoder: null, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await ReadAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            while (IsInside(depth));
            return Captured();
        }
        catch (JsonException e)
        {
            throw AnswerErrors.Malformed(e.Message, e);
        }
        finally
        {
            _pin = -1;
            _aside.Clear();
            _asideLength = 0;
        }
    }

    /// <summary>The next bytes as one line of text for an error message.</summary>
    public string Preview()
    {
        const int MaxBytes = 120;
        string text = Encoding.UTF8.GetString(_buffer.AsSpan(_start, Math.Min(MaxBytes, _end - _start)));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Reads to the end of the stream or line, or as far as allowed; false when more than white space was
    /// left.</summary>
    public async ValueTask<bool> DrainAsync(int most, CancellationToken cancellationToken)
    {
        bool clean = true;
        do
        {
            clean &= _buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8) < 0;
            most -= _end - _start;
            _start = _end;
        }
        while (most > 0 && await FillAsync(cancellationToken).ConfigureAwait(false));
        return clean;
    }

    /// <summary>In line mode: goes to the next line that is not empty; false at the end of the stream.</summary>
    public async ValueTask<bool> NextLineAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            await DrainAsync(int.MaxValue, cancellationToken).ConfigureAwait(false);
            if (AtNewline) ShowNextLine();
        }
        else
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
        }
        _state = new JsonReaderState(Options);
        _tryAgainAt = 0;
        Token = JsonTokenType.None;
        Depth = 0;
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\r' or (byte)'\t') _start++;
            if (_start < _end) return true;
            if (AtNewline) ShowNextLine();
            else if (!await FillAsync(cancellationToken).ConfigureAwait(false)) return false;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool IsInside(int depth) =>
        Depth > depth || Token is JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray;

    private bool TryRead()
    {
        if (_end - _start < _tryAgainAt && !_ended && !AtNewline) return false;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, _state);
        bool read;
        try
        {
            read = reader.Read();
        }
        catch (JsonException e)
        {
            throw AnswerErrors.Malformed(e.Message, e);
        }
        if (read)
        {
            Token = reader.TokenType;
            Depth = reader.CurrentDepth;
            _valueLength = reader.ValueSpan.Length;
            bool isQuoted = Token is JsonTokenType.String or JsonTokenType.PropertyName;
            _valueStart = _start + (int)reader.TokenStartIndex + (isQuoted ? 1 : 0);
        }
        _state = reader.CurrentState;
        _start += (int)reader.BytesConsumed;
        // An incomplete string is scanned again from its start, so that happens once for every doubling of the buffer,
        // not for every read.
        int rest = _end - _start;
        _tryAgainAt = read || rest < InitialBuffer ? 0 : rest * 2;
        return read;
    }

    private async ValueTask TakeStringAsync(Base64Decoder? decoder, CancellationToken cancellationToken)
    {
        _start++;
        while (true)
        {
            int stop = _buffer.AsSpan(_start, _end - _start).IndexOfAny((byte)'"', (byte)'\\');
            int count = stop < 0 ? _end - _start : stop;
            decoder?.Append(_buffer.AsSpan(_start, count));
            _start += count;
            if (stop < 0)
            {
                if (_start == _filled && _buffer.Length is >= InitialBuffer and < LongStringBuffer)
                {
                    Enlarge(LongStringBuffer);
                }
                if (!await FillAsync(cancellationToken).ConfigureAwait(false)) throw EndedInTheMiddle();
                continue;
            }
            if (_buffer[_start] == '"') break;
            await TakeEscapeAsync(decoder, cancellationToken).ConfigureAwait(false);
        }
        _start++;

        // The platform's reader has not seen the string, so an empty one keeps its state correct.
        var reader = new Utf8JsonReader("\"\""u8, isFinalBlock: false, _state);
        reader.Read();
        _state = reader.CurrentState;
        Token = JsonTokenType.String;
        Depth = reader.CurrentDepth;
        _valueLength = 0;
    }

    private async ValueTask TakeEscapeAsync(Base64Decoder? decoder, CancellationToken cancellationToken)
    {
        const int Short = 2, Long = 6;
        const byte NotBase64 = 0;
        await EnsureAsync(Short, cancellationToken).ConfigureAwait(false);
        int length = _buffer[_start + 1] == 'u' ? Long : Short;
        await EnsureAsync(length, cancellationToken).ConfigureAwait(false);
        byte character = _buffer[_start + 1] switch
        {
            (byte)'u' => FromHex(_buffer.AsSpan(_start + Short, Long - Short)),
            (byte)'n' or (byte)'r' or (byte)'t' => (byte)' ',
            (byte)'/' => (byte)'/',
            _ => NotBase64,
        };
        decoder?.Append([character]);
        _start += length;

        static byte FromHex(ReadOnlySpan<byte> digits) =>
            byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
                ? value
                : NotBase64;
    }

    private async ValueTask EnsureAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) throw EndedInTheMiddle();
        }
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _started = true;
        while (_end - _start < 3 && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }
        if (_buffer.AsSpan(_start, _end - _start).StartsWith("\uFEFF"u8)) _start += 3;
    }

    /// <summary>Reads more bytes; false at the end of the stream, or of the line.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended || AtNewline) return false;
        MakeRoom();
        int count;
        try
        {
            count = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw IsDownload ? AnswerErrors.DownloadBroken(e) : AnswerErrors.Truncated(e);
        }
        if (count == 0)
        {
            _ended = true;
            return false;
        }
        int from = _filled;
        _filled += count;
        int newline = _lines ? _buffer.AsSpan(from, count).IndexOf((byte)'\n') : -1;
        _end = newline < 0 ? _filled : from + newline;
        return true;
    }

    private void ShowNextLine()
    {
        _start = _end + 1;
        int newline = _buffer.AsSpan(_start, _filled - _start).IndexOf((byte)'\n');
        _end = newline < 0 ? _filled : _start + newline;
    }

    private void MakeRoom()
    {
        int keep = _pin >= 0 ? _pin : _start;
        if (keep == _filled) MoveTo(_buffer, keep);
        int room = _buffer.Length - _filled;
        if (room >= _buffer.Length / 4) return;
        if (_pin >= 0 && _start - _pin >= _buffer.Length / 2) keep = SetAside();
        if (keep >= _buffer.Length / 2)
        {
            MoveTo(_buffer, keep);
            return;
        }
        if (room > 0) return;
        if (_buffer.Length >= LargestToken)
        {
            throw AnswerErrors.Malformed($"a single value is larger than {LargestToken / (1024 * 1024)} MiB");
        }
        Enlarge(_buffer.Length * 2);
    }

    // Captured bytes leave the buffer, which would otherwise keep doubling.
    private int SetAside()
    {
        if (_asideLength > LargestToken)
        {
            throw AnswerErrors.Malformed($"a single value is larger than {LargestToken / (1024 * 1024)} MiB");
        }
        _aside.Add(_buffer.AsSpan(_pin, _start - _pin).ToArray());
        _asideLength += _start - _pin;
        return _pin = _start;
    }

    private JsonElement Captured()
    {
        ReadOnlySpan<byte> raw = _buffer.AsSpan(_pin, _start - _pin);
        if (_aside.Count > 0)
        {
            // If nothing needs repair, the separate pieces are not joined for the parser, which copies them anyway.
            if (IsPlain(raw) && _aside.TrueForAll(piece => IsPlain(piece)))
            {
                var apart = new Utf8JsonReader(Piece.Together(
                    [.. _aside.Select(piece => (ReadOnlyMemory<byte>)piece), _buffer.AsMemory(_pin, _start - _pin)]),
                    Options);
                return JsonElement.ParseValue(ref apart);
            }
            byte[] whole = GC.AllocateUninitializedArray<byte>(_asideLength + raw.Length);
            raw.CopyTo(whole.AsSpan(_asideLength));
            int at = 0;
            foreach (byte[] piece in _aside)
            {
                piece.CopyTo(whole, at);
                at += piece.Length;
            }
            _aside.Clear();
            raw = whole;
        }
        if (JsonRepair.IsNeeded(raw)) raw = JsonRepair.Repair(raw);
        var reader = new Utf8JsonReader(raw, Options);
        return JsonElement.ParseValue(ref reader);
    }

    private static bool IsPlain(ReadOnlySpan<byte> json) => Ascii.IsValid(json) && !json.Contains((byte)'\\');

    private void Enlarge(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        byte[] old = _buffer;
        MoveTo(larger, _pin >= 0 ? _pin : _start);
        _buffer = larger;
        ArrayPool<byte>.Shared.Return(old);
    }

    private void MoveTo(byte[] target, int keep)
    {
        _buffer.AsSpan(keep, _filled - keep).CopyTo(target);
        _start -= keep;
        _end -= keep;
        _filled -= keep;
        if (_pin >= 0) _pin -= keep;
    }

    private NbException EndedInTheMiddle() =>
        AtNewline ? AnswerErrors.Malformed("a line ends in the middle of its JSON")
            : IsDownload && !_lines ? AnswerErrors.DownloadBroken() : AnswerErrors.Truncated();
}
