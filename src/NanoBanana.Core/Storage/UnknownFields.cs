using System.Collections.Immutable;
using System.Text.Json;

namespace NanoBanana.Storage;

/// <summary>Fields of a JSON object without a property in this version, in their order: they must survive a round
/// trip.</summary>
public sealed class UnknownFields : IEquatable<UnknownFields>
{
    /// <summary>No field.</summary>
    public static readonly UnknownFields None = new([]);

    private readonly ImmutableArray<KeyValuePair<string, JsonElement>> _fields;

    private UnknownFields(ImmutableArray<KeyValuePair<string, JsonElement>> fields) => _fields = fields;

    /// <summary>Whether there is no field.</summary>
    public bool IsEmpty => _fields.IsEmpty;

    /// <summary>Makes a set of fields from names and values; the values must outlive any document they came
    /// from.</summary>
    public static UnknownFields From(IEnumerable<KeyValuePair<string, JsonElement>> fields)
    {
        ImmutableArray<KeyValuePair<string, JsonElement>> all = [.. fields];
        return all.IsEmpty ? None : new UnknownFields(all);
    }

    /// <summary>The value of a field, or null.</summary>
    public JsonElement? Find(string name)
    {
        foreach ((string key, JsonElement value) in _fields)
        {
            if (key == name) return value;
        }
        return null;
    }

    /// <summary>Writes the fields into the JSON object that is open on the writer.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        foreach ((string name, JsonElement value) in _fields)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public bool Equals(UnknownFields? other) =>
        other is not null && _fields.Length == other._fields.Length && _fields.Zip(other._fields).All(
            pair => pair.First.Key == pair.Second.Key
                && pair.First.Value.GetRawText() == pair.Second.Value.GetRawText());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnknownFields);

    /// <inheritdoc/>
    public override int GetHashCode() => _fields.Length == 0 ? 0 : HashCode.Combine(_fields.Length, _fields[0].Key);
}
