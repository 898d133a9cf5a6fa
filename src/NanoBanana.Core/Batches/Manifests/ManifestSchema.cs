using System.Text;
using System.Text.Json;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The form of a manifest as a JSON Schema (draft 2020-12), for editors: it completes names and values, and
/// marks mistakes while they are typed.</summary>
/// <remarks>Names are those that the manifest's reader knows; options come from <see cref="RequestOptionTable"/>, the
/// values that are suggested for them come from the catalog.</remarks>
public static class ManifestSchema
{
    private static readonly Dictionary<string, Shape> Described = new()
    {
        ["document.api"] = new("The way models are asked.", Text) { Examples = ["generateContent", "interactions"] },
        ["document.defaults"] = new("What holds for every item that does not say otherwise.", Reference("defaults")),
        ["document.anchors"] = new("Pictures that items name and that are sent with them.", ListOf("anchor")),
        ["document.items"] = new("What is to be made.", ListOf("item")),
        ["document.localize"] = new("Languages that items are made in, too.", OneOrMoreOf("localization")),
        ["document.edition"] = new("The edition that is made, such as 2026-W48.", Text),
        ["document.matrix"] = new("Lists of values by axis: each item is made in every combination.",
            json => json.WriteString("type", "object")),
        ["document.webhooks"] = new("Https addresses that are told when a job has ended.", Texts),
        ["item.name"] = new("Names the item, and its picture unless outFile does.", Text),
        ["item.prompt"] = new("What the picture shows.", Text),
        ["item.from"] = new("Another item or a picture, which the item edits.", OneOf("picture")),
        ["item.edit"] = new("What is to change in the picture that 'from' names.", Text),
        ["item.anchors"] = new("Names of anchors that are sent with the item.", Texts),
        ["item.references"] = new("Pictures that are sent with the item.", OneOrMoreOf("reference")),
        ["item.depends"] = new("Files that count too: where one changes, the picture is made again.",
            OneOrMoreOf("picture")),
        ["item.cell"] = new("The values of the matrix that it stands for; written by a run.", Pairs),
        ["item.outFile"] = new("Path of the picture below the destination.", Text),
        ["anchor.name"] = new("What items and prompts call it.", Text) { IsRequired = true },
        ["anchor.path"] = new("One or more pictures.", OneOrMoreOf("picture")) { IsRequired = true },
        ["anchor.role"] = new("What it is used for.", Role),
        ["anchor.description"] = new("What it shows, in words that the model reads.", Text),
        ["reference.path"] = new("The picture, beside the manifest, or an address.", Text) { IsRequired = true },
        ["reference.sha256"] = new("What its bytes hash to, where it must be that very picture.", Text),
        ["reference.mimeType"] = new("What it is, where its bytes do not tell.", Text),
        ["reference.role"] = new("What it is used for.", Role),
        ["reference.name"] = new("What the prompt calls it.", Text),
        ["reference.description"] = new("What it shows, in words that the model reads.", Text),
        ["picture.path"] = new("The picture, beside the manifest.", Text) { IsRequired = true },
        ["picture.sha256"] = new("What its bytes hash to, where it must be that very picture.", Text),
        ["localization.from"] = new("Items or pictures; every item of the manifest where it is left out.", Texts),
        ["localization.languages"] = new("Codes such as de or ja; all that the table has where it is left out.", Texts),
        ["localization.text"] = new("The path of a table, or texts by language.", Anything) { IsRequired = true },
        ["localization.keys"] = new("Which texts of the table; all where it is left out.", Texts),
        ["localization.sourceLanguage"] = new("Code of the language that stands in the picture.", Text),
        ["localization.template"] = new("Name of the prompt's template.", Text),
    };

    /// <summary>The schema's text.</summary>
    /// <param name="catalog">The models whose values are suggested.</param>
    public static string Write(ModelCatalog catalog)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, StoredJson.Writing))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "A manifest of NanoBanana");
            json.WriteStartArray("anyOf");
            Either(json, Reference("document"));
            Either(json, ListOf("item"));
            json.WriteEndArray();
            json.WriteStartObject("$defs");
            foreach ((string part, Vocabulary vocabulary) in ManifestWords.Vocabularies)
            {
                WritePart(json, part, vocabulary, catalog);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n") + "\n";
    }

    private static void WritePart(Utf8JsonWriter json, string part, Vocabulary vocabulary, ModelCatalog catalog)
    {
        json.WriteStartObject(part);
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        var required = new List<string>();
        foreach (string name in vocabulary.Names)
        {
            // A property without a description gets an option's shape, or none; a test requires a description for each.
            Shape shape = Described.GetValueOrDefault($"{(part == "defaults" ? "item" : part)}.{name}")
                ?? ShapeOf(RequestOptionTable.All.First(option => option.Name == name), catalog);
            json.WriteStartObject(name);
            json.WriteString("description", shape.Description);
            shape.Write(json);
            if (shape.Examples.Length > 0)
            {
                json.WriteStartArray("examples");
                foreach (string example in shape.Examples) json.WriteStringValue(example);
                json.WriteEndArray();
            }
            json.WriteEndObject();
            if (shape.IsRequired) required.Add(name);
        }
        json.WriteEndObject();
        if (required.Count > 0)
        {
            json.WriteStartArray("required");
            foreach (string name in required) json.WriteStringValue(name);
            json.WriteEndArray();
        }
        // $schema and $comment are for editors.
        json.WriteStartObject("patternProperties");
        json.WriteStartObject(@"^\$");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    private static Shape ShapeOf(RequestOption option, ModelCatalog catalog) =>
        new(option.Description, option.Kind switch
        {
            OptionKind.Texts => Texts,
            OptionKind.Flag => json => json.WriteString("type", "boolean"),
            OptionKind.Number => json => Number(json, "integer", option.Range),
            OptionKind.Fraction => json => Number(json, "number", option.Range),
            OptionKind.Pairs => Pairs,
            _ => Text,
        }) { Examples = [.. option.Proposals(catalog)] };

    private static void Text(Utf8JsonWriter json)
    {
        // The size 512 is a number when it is not quoted.
        json.WriteStartArray("type");
        json.WriteStringValue("string");
        json.WriteStringValue("number");
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        Either(json, Text);
        Either(json, list =>
        {
            list.WriteString("type", "array");
            list.WriteStartObject("items");
            Text(list);
            list.WriteEndObject();
        });
        json.WriteEndArray();
    }

    private static void Pairs(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("additionalProperties");
        Text(json);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string type, (double Least, double Most)? range)
    {
        json.WriteString("type", type);
        if (range is not { } bounds) return;
        json.WriteNumber("minimum", bounds.Least);
        json.WriteNumber("maximum", bounds.Most);
    }

    private static void Role(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum");
        foreach (string role in Enum.GetNames<ReferenceRole>())
        {
            json.WriteStringValue(role);
            json.WriteStringValue(role.ToLowerInvariant());
        }
        json.WriteEndArray();
    }

    private static void Anything(Utf8JsonWriter json)
    {
    }

    private static Action<Utf8JsonWriter> Reference(string part) =>
        json => json.WriteString("$ref", $"#/$defs/{part}");

    // A text is short for the simplest object: a prompt, or the path of a picture.
    private static Action<Utf8JsonWriter> OneOf(string part) => json =>
    {
        json.WriteStartArray("anyOf");
        Either(json, Text);
        Either(json, Reference(part));
        json.WriteEndArray();
    };

    private static Action<Utf8JsonWriter> ListOf(string part) => json =>
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        if (part is "anchor") Reference(part)(json);
        else OneOf(part)(json);
        json.WriteEndObject();
    };

    private static Action<Utf8JsonWriter> OneOrMoreOf(string part) => json =>
    {
        json.WriteStartArray("anyOf");
        if (part is not "localization") Either(json, Text);
        Either(json, Reference(part));
        Either(json, ListOf(part));
        json.WriteEndArray();
    };

    private static void Either(Utf8JsonWriter json, Action<Utf8JsonWriter> write)
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    private sealed record Shape(string Description, Action<Utf8JsonWriter> Write)
    {
        public string[] Examples { get; init; } = [];

        public bool IsRequired { get; init; }
    }
}
