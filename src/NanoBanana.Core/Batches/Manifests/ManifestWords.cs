using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>The properties that each part of a manifest may hold, and the names that are meant for them.</summary>
internal static class ManifestWords
{
    /// <summary>The options of a request, by name.</summary>
    public static readonly Dictionary<string, RequestOption> Options =
        RequestOptionTable.All.ToDictionary(option => option.Name);

    /// <summary>What only an item has, and no default.</summary>
    public static readonly string[] OwnProperties = ["name", "prompt", "from", "edit", "outFile"];

    /// <summary>A whole manifest. An option beside the items can mean nothing but a default: to leave it out would pay
    /// for, or store, what was not meant.</summary>
    public static readonly Vocabulary Document = WithOptions(new Vocabulary(
        ["api", "edition", "matrix", "defaults", "anchors", "items", "localize", "webhooks", .. Options.Keys])
        .Accept("webhook", "webhooks"));

    /// <summary>An item.</summary>
    public static readonly Vocabulary Item = WithOptions(new Vocabulary(
        ["name", "prompt", "from", "edit", "anchors", "references", "depends", "cell", "outFile", .. Options.Keys])
        .Accept("anchor", "anchors").Accept("reference", "references")
        .Reject("depends", "dependencies", "dependson")
        .Reject("anchors", "character").Reject("references", "image", "picture").Reject("from", "source", "input")
        .Reject("edit", "instruction"));

    /// <summary>An anchor.</summary>
    public static readonly Vocabulary Anchor = new Vocabulary("name", "path", "role", "description")
        .Accept("paths", "path");

    /// <summary>A reference.</summary>
    public static readonly Vocabulary Reference = new("path", "sha256", "mimeType", "role", "name", "description");

    /// <summary>Lettering in other languages.</summary>
    public static readonly Vocabulary Localization = new Vocabulary(
        ["from", "languages", "text", "keys", "sourceLanguage", "template", .. Options.Keys])
        .Accept("language", "languages").Accept("key", "keys").Reject("text", "texts", "strings")
        .Reject("sourceLanguage", "original", "source");

    /// <summary>A picture.</summary>
    public static readonly Vocabulary Picture = new("path", "sha256");

    /// <summary>What each part of a manifest may hold.</summary>
    public static IEnumerable<(string Part, Vocabulary Vocabulary)> Vocabularies =>
    [
        ("document", Document),
        ("defaults", new Vocabulary([.. Item.Names.Except(OwnProperties)])),
        ("item", Item),
        ("anchor", Anchor),
        ("reference", Reference),
        ("picture", Picture),
        ("localization", Localization),
    ];

    /// <summary>The property of an item that a column's name stands for; null when it stands for none.</summary>
    public static string? PropertyOf(string column) => Item.Find(column);

    /// <summary>The property of an item that an unknown column was meant for; null when none is near.</summary>
    public static string? NearestTo(string column) =>
        Item.Suggest(column) ?? Item.NearestTo(column);

    /// <summary>Whether a name is an option, which stands beside the items as well as in one.</summary>
    public static bool IsOption(string typed) =>
        Document.Find(typed) is { } property && Options.ContainsKey(property);

    private static Vocabulary WithOptions(Vocabulary words)
    {
        foreach (RequestOption option in RequestOptionTable.All)
        {
            words.Reject(option.Name, [.. option.NearMisses]);
            if (option.IsExact) words.Exact(option.Name);
        }
        return words;
    }
}
