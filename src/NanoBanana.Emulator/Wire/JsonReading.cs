using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>Reads fields of protobuf JSON, which may be spelled in camelCase or snake_case.</summary>
internal static class JsonReading
{
    /// <summary>The field, or null when it is absent or null.</summary>
    public static JsonElement? Field(this JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) return null;
        if (!parent.TryGetProperty(name, out JsonElement value)
            && !parent.TryGetProperty(RequestSchema.SnakeCase(name), out value))
            return null;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public static string? Text(this JsonElement parent, string name) =>
        parent.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement parent, string name) =>
        parent.Field(name) is { ValueKind: JsonValueKind.True };

    public static long? Integer(this JsonElement parent, string name) => parent.Field(name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.GetInt64(),
        { ValueKind: JsonValueKind.String } value => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The properties of an object; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Properties(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>The items of a list; one value that is not a list is a list of one.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement parent, string name) => parent.Field(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { } single => [single],
    };

    /// <summary>Bytes in base64 of either alphabet.</summary>
    /// <exception cref="ServiceException">The text is not base64.</exception>
    public static byte[]? Bytes(this JsonElement parent, string name, string path)
    {
        if (parent.Field(name) is not { } value) return null;
        if (value.TryGetBytesFromBase64(out byte[]? bytes)) return bytes;

        // Protobuf JSON also takes the URL alphabet and missing padding.
        string text = value.GetString()!;
        string standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        standard += new string('=', (4 - (standard.Length % 4)) % 4);
        try
        {
            return Convert.FromBase64String(standard);
        }
        catch (FormatException)
        {
            string shown = text.Length > 100 ? text[..100] + "..." : text;
            string message = $"Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed for \"{shown}\"";
            throw ServiceException.InvalidArgument(message, ServiceException.Detail(
                "BadRequest",
                new KeyValuePair<string, object?>("fieldViolations", new[]
                {
                    new WireObject { { "field", path }, { "description", message } },
                })));
        }
    }
}
