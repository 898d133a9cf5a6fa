using System.Buffers;
using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>
/// A wire tree as chunks of UTF-8: no answer exists as one string or one array, images are encoded while they are sent.
/// </summary>
internal sealed class WireText
{
    // A multiple of three, so that every chunk but the last encodes without padding.
    private const int BytesPerChunk = 48 * 1024;
    private static readonly byte[] Filling = [.. Enumerable.Repeat((byte)'x', BytesPerChunk)];

    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly HashSet<int> _base64Segments;

    public WireText(object? node, bool indented = false, string prefix = "", string suffix = "")
        : this(indented, flattener =>
        {
            flattener.AddRaw(prefix);
            flattener.Add(node, 0);
            flattener.AddRaw(suffix);
        })
    {
    }

    private WireText(bool indented, Action<Flattener> write)
    {
        Flattener flattener = new(_segments, indented);
        write(flattener);
        flattener.Flush(isBase64: false);
        _base64Segments = flattener.Base64Segments;
        Length = _segments.Select((segment, index) => _base64Segments.Contains(index)
            ? (segment.Length + 2L) / 3 * 4
            : segment.Length).Sum();
    }

    /// <summary>How many bytes all chunks have together.</summary>
    public long Length { get; }

    /// <summary>A chunk is valid only until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(BytesPerChunk));
        try
        {
            for (int index = 0; index < _segments.Count; index++)
            {
                ReadOnlyMemory<byte> segment = _segments[index];
                if (!_base64Segments.Contains(index))
                {
                    yield return segment;
                    continue;
                }

                for (int offset = 0; offset < segment.Length; offset += BytesPerChunk)
                {
                    int count = Math.Min(BytesPerChunk, segment.Length - offset);
                    Base64.EncodeToUtf8(segment.Span.Slice(offset, count), buffer, out _, out int written);
                    yield return buffer.AsMemory(0, written);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A text that is not JSON.</summary>
    public static WireText Raw(string text) => new(indented: false, flattener => flattener.AddRaw(text));

    /// <summary>A small tree as one array.</summary>
    public static byte[] ToBytes(object? node, bool indented = false)
    {
        WireText text = new(node, indented);
        using MemoryStream stream = new((int)text.Length);
        foreach (ReadOnlyMemory<byte> chunk in text.Chunks()) stream.Write(chunk.Span);
        return stream.ToArray();
    }

    private sealed class Flattener(List<ReadOnlyMemory<byte>> segments, bool indented)
    {
        private readonly StringBuilder _text = new();

        public HashSet<int> Base64Segments { get; } = [];

        public void AddRaw(string text) => _text.Append(text);

        public void Flush(bool isBase64)
        {
            if (_text.Length > 0) segments.Add(Encoding.UTF8.GetBytes(_text.ToString()));
            _text.Clear();
            if (isBase64) Base64Segments.Add(segments.Count);
        }

        public void Add(object? node, int depth)
        {
            switch (node)
            {
                case null:
                    _text.Append("null");
                    break;
                case string value:
                    AddString(value);
                    break;
                case bool value:
                    _text.Append(value ? "true" : "false");
                    break;
                case ReadOnlyMemory<byte> bytes:
                    _text.Append('"');
                    Flush(isBase64: true);
                    segments.Add(bytes);
                    _text.Append('"');
                    break;
                case Filler filler:
                    _text.Append('"');
                    Flush(isBase64: false);
                    for (int left = filler.Length; left > 0; left -= BytesPerChunk)
                    {
                        segments.Add(Filling.AsMemory(0, Math.Min(left, BytesPerChunk)));
                    }
                    _text.Append('"');
                    break;
                case JsonElement element:
                    _text.Append(element.GetRawText());
                    break;
                case WireObject value:
                    AddAll('{', '}', value, depth, pair =>
                    {
                        AddString(pair.Key);
                        _text.Append(indented ? ": " : ":");
                        Add(pair.Value, depth + 1);
                    });
                    break;
                case IEnumerable list:
                    AddAll('[', ']', list.Cast<object?>(), depth, item => Add(item, depth + 1));
                    break;
                default:
                    _text.Append(Convert.ToString(node, CultureInfo.InvariantCulture));
                    break;
            }
        }

        private void AddAll<T>(char open, char close, IEnumerable<T> items, int depth, Action<T> add)
        {
            _text.Append(open);
            bool first = true;
            foreach (T item in items)
            {
                if (!first) _text.Append(',');
                first = false;
                NewLine(depth + 1);
                add(item);
            }

            if (!first) NewLine(depth);
            _text.Append(close);
        }

        private void NewLine(int depth)
        {
            if (indented) _text.Append('\n').Append(' ', depth * 2);
        }

        private void AddString(string value) =>
            _text.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)).Append('"');
    }
}
