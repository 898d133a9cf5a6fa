using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Json;

/// <summary>Reading of small answers where any field may be absent, null, of another type or in snake_case.</summary>
internal static class JsonElementExtensions
{
    /// <summary>A field by its camelCase name, in either spelling; null when it is absent, null, or the element is no
    /// object.</summary>
    public static JsonElement? Field(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        JsonElement? value = Find(element, name)
            ?? Find(element, JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        return value is { ValueKind: not JsonValueKind.Null } ? value : null;
    }

    private static JsonElement? Find(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another field's name is invalid text, such as half a surrogate pair.
            return element.EnumerateObject().Where(field => IsNamed(field, name))
                .Select(field => (JsonElement?)field.Value).LastOrDefault();
        }
    }

    private static bool IsNamed(JsonProperty field, string name)
    {
        try
        {
            return field.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The string; null when the element is not a string; a replacement character when it is
    /// invalid.</summary>
    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return null;
        try
        {
            // People may see it, so control characters are removed.
            return SafeText.Plain(element.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half a surrogate pair.
            return "\uFFFD";
        }
    }

    /// <summary>The string of a field; null when it is absent or no string.</summary>
    public static string? TextOf(this JsonElement element, string name) => element.Field(name)?.Text();

    /// <summary>A whole number, which JSON from Google spells as a number or as a string.</summary>
    public static long? Int64(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetInt64(out long number) => number,
        JsonValueKind.Number when element.TryGetDouble(out double number) && Math.Abs(number) < 1e15 => (long)number,
        JsonValueKind.String when long.TryParse(
            element.Text(), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    /// <summary>A number of tokens, within what can be kept and added up; 0 when it is absent or none.</summary>
    public static long Tokens(this JsonElement element, string name) =>
        StoredJson.Tokens(element.Field(name)?.Int64() ?? 0);

    /// <summary>A point in time; null when it is absent or none.</summary>
    public static DateTimeOffset? TimeOf(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            element.TextOf(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>The elements of a field that is a list; none otherwise.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
