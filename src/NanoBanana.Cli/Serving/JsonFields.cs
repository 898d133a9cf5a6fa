using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace NanoBanana.Cli.Serving;

/// <summary>JSON of requests, as objects.</summary>
internal static class JsonFields
{
    /// <summary>The fields of a body.</summary>
    /// <exception cref="NbException">It is not an object, or has a field twice.</exception>
    public static IReadOnlyList<KeyValuePair<string, JsonElement>> Of(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new NbException("Nb.Request.NotAnObject", NbErrorKind.InvalidArgument,
                "The request is not a JSON object.", "Send an object such as {\"prompt\": \"a fox\"}.");
        }
        DemandTexts(body);
        var fields = new List<KeyValuePair<string, JsonElement>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty field in body.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                throw new NbException("Nb.Request.FieldTwice", NbErrorKind.InvalidArgument,
                    $"The field '{Readable.Short(field.Name)}' is given twice.", "Give it once.");
            }
            fields.Add(KeyValuePair.Create(field.Name, field.Value));
        }
        return fields;
    }

    /// <summary>Refuses broken characters anywhere in a body, because reading such a text later gives no clear
    /// error.</summary>
    /// <exception cref="NbException">There are broken characters.</exception>
    public static void DemandTexts(JsonElement value)
    {
        try
        {
            ReadTexts(value);
        }
        catch (InvalidOperationException e)
        {
            throw new NbException("Nb.Request.BrokenText", NbErrorKind.InvalidArgument,
                "A text has broken characters.", "Send UTF-8, and whole characters. Nothing was sent.", e);
        }
    }

    /// <summary>The text of a field; null when it is absent.</summary>
    /// <exception cref="NbException">It is not a text.</exception>
    public static string? Text(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name) =>
        Value(fields, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw WrongType(name, "a text");

    /// <summary>Whether a field is true; false when it is absent.</summary>
    /// <exception cref="NbException">It is neither true nor false.</exception>
    public static bool? Flag(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name) =>
        Value(fields, name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        // Forms have only texts.
        : value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out bool flag) ? flag
        : throw WrongType(name, "true or false");

    /// <summary>USD, 0 or more; null when it is absent.</summary>
    /// <exception cref="NbException">It is no such number.</exception>
    public static decimal? Money(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name) =>
        Value(fields, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal usd) && usd >= 0 ? usd
        : throw WrongType(name, "a number, 0 or more");

    /// <summary>A whole number in a range; null when it is absent.</summary>
    /// <exception cref="NbException">It is no such number.</exception>
    public static int? Number(
        IEnumerable<KeyValuePair<string, JsonElement>> fields, string name, int least, int most) =>
        Value(fields, name) is not { } value ? null
        : (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            // Forms have only texts.
            || value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(),
                NumberStyles.None, CultureInfo.InvariantCulture, out number))
            && number >= least && number <= most ? number
        : throw WrongType(name, $"a whole number from {least} to {most}");

    /// <summary>Refuses unknown fields, and suggests the one that was probably meant.</summary>
    /// <exception cref="NbException">There is an unknown field.</exception>
    public static void Demand(IEnumerable<KeyValuePair<string, JsonElement>> fields, params string[] known)
    {
        foreach ((string field, _) in fields)
        {
            if (!known.Contains(field, StringComparer.Ordinal)) throw Unknown(field, known);
        }
    }

    /// <summary>The error for an unknown field.</summary>
    public static NbException Unknown(string field, IReadOnlyCollection<string> known)
    {
        string advice = known.Count == 0 ? "It takes nothing."
            : Nearest.To(field, known) is { } near ? $"Did you mean '{near}'?"
            : $"It takes {string.Join(", ", known)}.";
        return new NbException("Nb.Request.UnknownField", NbErrorKind.InvalidArgument,
            $"There is no field '{Readable.Short(field)}'.", $"{advice} Nothing was sent.") { Target = field };
    }

    /// <summary>Texts: a list of them, or one; none when it is absent.</summary>
    /// <exception cref="NbException">It is neither.</exception>
    public static IReadOnlyList<string> Texts(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name) =>
        Value(fields, name) is not { } value ? []
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(element => element.GetString()!)]
        : throw WrongType(name, "a list of texts");

    /// <summary>A text that must be there.</summary>
    /// <exception cref="NbException">It is not, or is no text.</exception>
    public static string Required(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name) =>
        Text(fields, name) is { Length: > 0 } text ? text : throw new NbException(
            "Nb.Request.MissingField", NbErrorKind.InvalidArgument, $"The field '{name}' is missing.",
            "Give it. Nothing was sent.") { Target = name };

    /// <summary>A value as plain objects: text, decimal, bool, a list, or fields.</summary>
    public static object? ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetDecimal(out decimal number) ? number : value.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.Object => value.EnumerateObject()
            .Select(field => KeyValuePair.Create(field.Name, ToObject(field.Value))).ToArray(),
        _ => null,
    };

    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (JsonElement element in value.EnumerateArray()) ReadTexts(element);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty field in value.EnumerateObject())
                {
                    _ = field.Name;
                    ReadTexts(field.Value);
                }
                break;
            case JsonValueKind.String when !IsPlain(value):
                _ = value.GetString();
                break;
            default:
                break;
        }
    }

    // Pictures as base64 are checked without a copy.
    private static bool IsPlain(JsonElement text)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(text);
        return Utf8.IsValid(raw) && !raw.Contains((byte)'\\');
    }

    private static JsonElement? Value(IEnumerable<KeyValuePair<string, JsonElement>> fields, string name)
    {
        JsonElement value = fields.FirstOrDefault(field => field.Key == name).Value;
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value;
    }

    /// <summary>A field whose value is of the wrong type.</summary>
    public static NbException WrongType(string name, string wanted) => new("Nb.Request.WrongType",
        NbErrorKind.InvalidArgument, $"The field '{name}' has to be {wanted}.", "Correct it. Nothing was sent.")
    {
        Target = name,
    };
}
