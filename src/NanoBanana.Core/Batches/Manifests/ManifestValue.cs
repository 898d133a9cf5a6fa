using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NanoBanana.Batches.Manifests;

/// <summary>A value of a manifest, from a file (with its position) or from an object.</summary>
/// <param name="Content">Null, text, bool, a number, a list of values, or the fields of an object.</param>
/// <param name="Position">Where it stands; null for a value that came from no file.</param>
internal sealed record ManifestValue(object? Content, TextPosition? Position)
{
    public IReadOnlyList<ManifestValue>? List => Content as IReadOnlyList<ManifestValue>;

    public IReadOnlyList<KeyValuePair<string, ManifestValue>>? Fields =>
        Content as IReadOnlyList<KeyValuePair<string, ManifestValue>>;

    /// <summary>Whether it is unset: null, or an empty cell of a table.</summary>
    public bool IsAbsent => Content is null or "";

    /// <summary>Whether none of its fields is set.</summary>
    public bool IsBlank =>
        Fields?.All(pair => pair.Value.IsBlank) ?? string.IsNullOrWhiteSpace(Content as string ?? Content?.ToString());

    /// <summary>The value without positions: a text, a number, a list, or names and values.</summary>
    public object? ToPlain() => List is { } list ? list.Select(item => item.ToPlain()).ToList()
        : Fields is { } fields
            ? fields.Select(field => KeyValuePair.Create(field.Key, field.Value.ToPlain())).ToList() : Content;

    /// <summary>Converts an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="position">The position for the object and everything in it.</param>
    public static ManifestValue From(object? value, TextPosition? position = null)
    {
        return new ManifestValue(value switch
        {
            null => null,
            string text => text,
            bool flag => flag,
            IEnumerable<KeyValuePair<string, object?>> fields =>
                fields.Select(pair => KeyValuePair.Create(pair.Key, Inner(pair.Value))).ToList(),
            IDictionary fields => fields.Cast<DictionaryEntry>()
                .Select(entry =>
                KeyValuePair.Create(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, Inner(entry.Value)))
                .ToList(),
            IEnumerable list => list.Cast<object?>().Select(Inner).ToList(),
            IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal =>
                OfNumber(number),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        }, position);

        ManifestValue Inner(object? inner) => From(inner, position);
    }

    /// <summary>Reads the current value of a reader.</summary>
    /// <param name="reader">A reader on the first token.</param>
    /// <param name="lines">Finds the position of an offset in the file.</param>
    public static ManifestValue Read(ref Utf8JsonReader reader, LineMap lines)
    {
        TextPosition position = lines.PositionOf(reader.TokenStartIndex);
        return new ManifestValue(reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadFields(ref reader, lines),
            JsonTokenType.StartArray => ReadList(ref reader, lines),
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => NumberOf(ref reader),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        }, position);
    }

    // A number too large for decimal stays a text: no property accepts it, and the error can show it.
    private static object NumberOf(ref Utf8JsonReader reader)
    {
        if (reader.TryGetDecimal(out decimal number)) return number;
        return Encoding.UTF8.GetString(reader.ValueSpan);
    }

    private static object OfNumber(IConvertible number)
    {
        try
        {
            return Convert.ToDecimal(number, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return Convert.ToString(number, CultureInfo.InvariantCulture)!;
        }
    }

    private static List<KeyValuePair<string, ManifestValue>> ReadFields(ref Utf8JsonReader reader, LineMap lines)
    {
        var fields = new List<KeyValuePair<string, ManifestValue>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            TextPosition position = lines.PositionOf(reader.TokenStartIndex);
            reader.Read();
            // The position of a field is that of its name.
            fields.Add(KeyValuePair.Create(name, Read(ref reader, lines) with { Position = position }));
        }
        return fields;
    }

    private static List<ManifestValue> ReadList(ref Utf8JsonReader reader, LineMap lines)
    {
        var list = new List<ManifestValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(Read(ref reader, lines));
        return list;
    }
}
