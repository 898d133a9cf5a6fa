using System.Globalization;
using System.Text.Json;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Judging;

/// <summary> Fills a schema (OpenAPI's subset or JSON schema) with a verdict. Properties with known names get the real
/// values; all others get a valid value, so that an answer fits any requested form. </summary>
internal sealed class SchemaAnswer(JsonElement root, Verdict verdict)
{
    private const int MaxDepth = 24;
    private static readonly string[] AspectNames = ["face", "clothing", "colors", "style", "text"];

    public object? Answer() => Value(root, "", Aspects.Overall(verdict), 0);

    private object? Value(JsonElement given, string name, Aspect aspect, int depth)
    {
        JsonElement schema = Resolved(given);
        if (depth > MaxDepth) return null;
        if (schema.Field("const") is { } constant) return constant.Clone();
        aspect = Aspects.Named(name, verdict) ?? aspect;
        return Kind(schema) switch
        {
            "object" => Object(schema, name, aspect, depth),
            "array" => List(schema, name, aspect, depth),
            "number" => Number(schema, name, aspect, isWhole: false),
            "integer" => Number(schema, name, aspect, isWhole: true),
            "boolean" => Flag(name, aspect),
            "null" => null,
            _ => Text(schema, name, aspect),
        };
    }

    private WireObject Object(JsonElement schema, string name, Aspect aspect, int depth)
    {
        WireObject value = [];
        IEnumerable<JsonProperty> properties = (schema.Field("properties") ?? default).Properties();
        string[] order = [.. schema.Items("propertyOrdering")
            .Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        foreach (JsonProperty property in properties.OrderBy(property => Place(order, property.Name)))
        {
            // A score in the object "clothing" is the clothing's.
            string inner = Aspects.IsScore(property.Name) && name.Length > 0 ? name : property.Name;
            value.Add(property.Name, Value(property.Value, inner, aspect, depth + 1));
        }

        return value;
    }

    private object?[] List(JsonElement schema, string name, Aspect aspect, int depth)
    {
        JsonElement item = Resolved(schema.Field("items") ?? default);
        List<object?> values = Kind(item) switch
        {
            "object" => Objects(item, name, aspect, depth),
            "string" when item.Field("enum") is null => [.. Texts(name)],
            _ => [Value(item, name, aspect, depth + 1)],
        };
        int least = (int)(schema.Integer("minItems") ?? 0);
        int most = (int)(schema.Integer("maxItems") ?? int.MaxValue);
        while (values.Count < Math.Min(least, 1000)) values.Add(Value(item, name, aspect, depth + 1));
        return [.. values.Take(most)];
    }

    // One for each reference, or one for each aspect.
    private List<object?> Objects(JsonElement item, string name, Aspect aspect, int depth)
    {
        if (Words.Any(name, "reference", "anchor", "image", "picture"))
        {
            return [.. verdict.References.Select((isThere, index) =>
                Value(item, "", new Aspect($"Reference {index + 1}", isThere ? aspect.Score : 0.1, index), depth + 1))];
        }

        JsonProperty? label = (item.Field("properties") ?? default).Properties()
            .Cast<JsonProperty?>()
            .FirstOrDefault(property => Words.Any(property!.Value.Name, "name", "aspect", "criterion"));
        if (label is not { } named) return [Value(item, name, aspect, depth + 1)];
        string[] known = [.. named.Value.Items("enum").Select(value => value.ToString())];
        return [.. (known.Length > 0 ? known : AspectNames).Select((word, index) =>
            Value(item, "", (Aspects.Named(word, verdict) ?? aspect) with { Name = word, Index = index }, depth + 1))];
    }

    private IReadOnlyList<string> Texts(string name) =>
        Words.Any(name, "text", "letter", "word", "line", "transcri", "read", "caption")
        ? verdict.Lettering
        : verdict.Problems;

    private object Number(JsonElement schema, string name, Aspect aspect, bool isWhole)
    {
        double? most = Bound(schema, "maximum");
        double? least = Bound(schema, "minimum");
        double value = name switch
        {
            _ when Words.Any(name, "depth", "edits", "turns") => verdict.Depth,
            _ when Words.Any(name, "index", "number") => aspect.Index,
            _ when Words.Any(name, "count") => verdict.Problems.Count,
            _ => Scaled(),
        };
        value = Math.Clamp(value, least
            ?? double.MinValue, Math.Max(most ?? double.MaxValue, least ?? double.MinValue));
        return isWhole ? (long)Math.Round(value) : Math.Round(value, 3);

        double Scaled()
        {
            double bottom = least ?? 0;
            double top = most ?? (isWhole ? 100 : 1);
            return bottom + (aspect.Score * (top - bottom));
        }
    }

    private static bool Flag(string name, Aspect aspect)
    {
        bool isSame = aspect.Score >= Verdict.Same;
        return Words.Any(name, "differ", "drift", "problem", "issue", "violat", "forbid", "wrong", "missing", "fail",
            "defect", "broken")
            ? !isSame
            : isSame;
    }

    private string Text(JsonElement schema, string name, Aspect aspect)
    {
        bool isSame = aspect.Score >= Verdict.Same;
        string[] choices =
            [.. schema.Items("enum").Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => item.GetString()!)];
        if (choices.Length > 0)
        {
            return choices.FirstOrDefault(choice => choice == aspect.Name)
                ?? choices.FirstOrDefault(isSame ? Words.IsGood : Words.IsBad)
                ?? choices[0];
        }

        string text = name switch
        {
            _ when Words.Any(name, "text", "letter", "transcri", "caption", "words") =>
                string.Join('\n', verdict.Lettering),
            _ when Words.Any(name, "verdict", "conclusion", "decision") => isSame ? "same" : "different",
            _ when Words.Any(name, "name", "aspect", "criterion") => aspect.Name,
            _ when verdict.Problems.Count > 0 => string.Join(' ', verdict.Problems),
            _ => verdict.Summary,
        };
        int least = (int)Math.Min(schema.Integer("minLength") ?? 0, 10_000);
        int most = (int)Math.Min(schema.Integer("maxLength") ?? int.MaxValue, int.MaxValue);
        text = text.PadRight(least, '.');
        return text.Length > most ? text[..most] : text;
    }

    private static double? Bound(JsonElement schema, string name) =>
        schema.Field(name) is { ValueKind: JsonValueKind.Number } bound ? bound.GetDouble()
        : double.TryParse(schema.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double text) ? text
            : null;

    private static int Place(string[] order, string name)
    {
        int place = Array.IndexOf(order, name);
        return place < 0 ? int.MaxValue : place;
    }

    private static string Kind(JsonElement schema)
    {
        string[] types = [.. schema.Items("type").Where(type => type.ValueKind == JsonValueKind.String)
            .Select(type => type.GetString()!.ToLowerInvariant())];
        return types.FirstOrDefault(type => type != "null") ?? types.FirstOrDefault()
            ?? (schema.Field("properties") is not null ? "object" : schema.Field("items") is not null ? "array"
            : "string");
    }

    // References are followed, and the first choice that is not null is taken.
    private JsonElement Resolved(JsonElement schema)
    {
        for (int step = 0; step < MaxDepth; step++)
        {
            if (schema.Text("$ref") is { } pointer) schema = Pointed(pointer);
            else if (Choice(schema) is { } choice) schema = choice;
            else break;
        }

        return schema;
    }

    private static JsonElement? Choice(JsonElement schema)
    {
        foreach (string name in new[] { "anyOf", "oneOf", "allOf" })
        {
            IReadOnlyList<JsonElement> choices = schema.Items(name);
            if (choices.Count > 0 && schema.Field("type") is null)
            {
                return choices.Cast<JsonElement?>().FirstOrDefault(item => Kind(item!.Value) != "null") ?? choices[0];
            }
        }

        return null;
    }

    private JsonElement Pointed(string pointer)
    {
        JsonElement place = root;
        foreach (string step in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            place = place.ValueKind == JsonValueKind.Object
                && place.TryGetProperty(step, out JsonElement next) ? next : default;
        }
        return place;
    }
}
