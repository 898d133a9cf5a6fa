using System.Text.Json;

namespace NanoBanana.Batches.Ledgers;

/// <summary>The fields of one line, found in one pass and decoded on demand. A ledger may have a hundred thousand
/// lines, and a JsonDocument for each would cost more than all other work on them.</summary>
internal readonly ref struct LineFields
{
    // More fields than a line has, with room for those of newer versions.
    private const int UsualCount = 40;

    private readonly ReadOnlySpan<byte> _line;
    private readonly Field[] _fields;
    private readonly int _count;

    [ThreadStatic]
    private static Field[]? _kept;

    /// <summary>Finds the fields.</summary>
    /// <param name="line">A JSON object, which is not copied.</param>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public LineFields(ReadOnlySpan<byte> line)
    {
        _line = line;
        _fields = _kept ??= new Field[UsualCount];
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int name = (int)reader.TokenStartIndex + 1, nameLength = reader.ValueSpan.Length;
            reader.Read();
            int value = (int)reader.TokenStartIndex;
            reader.Skip();
            if (_count == _fields.Length) Array.Resize(ref _fields, _count * 2);
            _fields[_count++] = new Field(name, nameLength, value, (int)reader.BytesConsumed - value);
        }
        // Anything after the object is an error.
        while (reader.Read()) { }
    }

    /// <summary>A text; null where the field is absent or null.</summary>
    /// <param name="name">Name of the field, in UTF-8.</param>
    /// <param name="known">A likely text; if it is equal, this instance is returned, because lines repeat many
    /// texts.</param>
    /// <exception cref="InvalidOperationException">It is not a text.</exception>
    public string? Text(ReadOnlySpan<byte> name, string? known = null)
    {
        if (!TryGet(name, out Utf8JsonReader value) || value.TokenType == JsonTokenType.Null) return null;
        return known is not null && value.TokenType == JsonTokenType.String && value.ValueTextEquals(known)
            ? known : value.GetString();
    }

    /// <summary>Positions a reader on the value of a field; the last value of a duplicate field.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out Utf8JsonReader value)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            Field field = _fields[i];
            if (!_line.Slice(field.Name, field.NameLength).SequenceEqual(name)) continue;
            value = new Utf8JsonReader(_line.Slice(field.Value, field.ValueLength));
            value.Read();
            return true;
        }
        value = default;
        return false;
    }

    private readonly record struct Field(int Name, int NameLength, int Value, int ValueLength);
}
