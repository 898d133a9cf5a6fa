using System.Text.Json.Nodes;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving;

/// <summary>The JSON schemas of the servers' inputs, made from the table of options.</summary>
internal static class ItemSchema
{
    /// <summary>An object with the options of a request and additional fields.</summary>
    /// <param name="catalog">The models, for the words an option takes.</param>
    /// <param name="required">Names of the fields that must be there.</param>
    /// <param name="fields">The fields before the options: name, type and meaning.</param>
    public static JsonObject WithOptions(
        ModelCatalog catalog, string[] required, params (string Name, JsonObject Schema)[] fields)
    {
        JsonObject schema = Of(required, fields);
        ModelInfo? model = catalog.Find(catalog.DefaultModel);
        var properties = (JsonObject)schema["properties"]!;
        foreach (RequestOption option in RequestOptionTable.All)
        {
            IReadOnlyList<string> words = model is null ? [] : option.WordsOf(model);
            string choice = words.Count == 0 ? "" : $" The default model takes {string.Join(", ", words)}.";
            properties[option.Name] = OfKind(option.Kind, option.Description + choice);
        }
        return schema;
    }

    /// <summary>An object with these fields and no others.</summary>
    public static JsonObject Of(string[] required, params (string Name, JsonObject Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach ((string name, JsonObject field) in fields) properties[name] = field;
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
        };
    }

    /// <summary>A text.</summary>
    public static JsonObject Text(string meaning) => OfKind(OptionKind.Text, meaning);

    /// <summary>True or false.</summary>
    public static JsonObject Flag(string meaning) => OfKind(OptionKind.Flag, meaning);

    /// <summary>A whole number.</summary>
    public static JsonObject Number(string meaning) => OfKind(OptionKind.Number, meaning);

    /// <summary>USD.</summary>
    public static JsonObject Amount(string meaning) =>
        new() { ["type"] = "number", ["minimum"] = 0, ["description"] = meaning };

    /// <summary>A list of objects.</summary>
    public static JsonObject Objects(string meaning) => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "object" },
        ["description"] = meaning,
    };

    /// <summary>A list of texts.</summary>
    public static JsonObject Texts(string meaning) => OfKind(OptionKind.Texts, meaning);

    private static JsonObject OfKind(OptionKind kind, string meaning)
    {
        JsonObject schema = kind switch
        {
            OptionKind.Flag => new JsonObject { ["type"] = "boolean" },
            OptionKind.Number => new JsonObject { ["type"] = "integer" },
            OptionKind.Texts => new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
            },
            OptionKind.Pairs => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = "string" },
            },
            _ => new JsonObject { ["type"] = "string" },
        };
        schema["description"] = meaning;
        return schema;
    }
}
