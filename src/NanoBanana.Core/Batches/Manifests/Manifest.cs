using System.Collections.Immutable;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>What a batch should make: defaults, anchors, and items that may build on each other. Its form has been
/// checked, its requests have not.</summary>
public sealed record Manifest
{
    /// <summary>Full path of the file it was read from; null when it came from objects.</summary>
    public string? Path { get; init; }

    /// <summary>Full path of the folder that its paths are relative to.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>Settings for every item that does not say otherwise.</summary>
    public ManifestItem Defaults { get; init; } = new() { Name = "" };

    /// <summary>The way models are asked by; null for that of the connection.</summary>
    public ModelApi? Api { get; init; }

    /// <summary>The edition it makes, such as 2026-W48; null for none.</summary>
    public string? Edition { get; init; }

    /// <summary>Https addresses that the service tells when a job has ended.</summary>
    public ImmutableArray<string> Webhooks { get; init; } = [];

    /// <summary>What must stay the same from picture to picture.</summary>
    public ImmutableArray<ManifestAnchor> Anchors { get; init; } = [];

    /// <summary>The items, in the order they stand there. Never empty, names are unique.</summary>
    public required ImmutableArray<ManifestItem> Items { get; init; }

    /// <summary>What looks like a mistake but stops nothing, such as an unknown property.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Reads a manifest: JSON, or JSON lines when the file is called .jsonl or .ndjson.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing or unreadable, or the manifest is wrong. Several mistakes come
    /// together:
    /// the error is then Nb.Manifest.Invalid, and its inner <see cref="AggregateException"/> holds one error for
    /// each.</exception>
    public static Manifest Load(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        return ManifestReader.Read(path);
    }

    /// <summary>Makes a manifest of objects given as name and value pairs, such as the rows of a table. Names of
    /// properties are those of
    /// the file form, in any case; a text may stand for a list, with semicolons between. An item without a name is
    /// named after its prompt.
    /// What is empty throughout, such as a blank line at the end of a table, is passed over.</summary>
    /// <param name="items">The objects.</param>
    /// <param name="baseFolder">Full path of the folder that paths are relative to.</param>
    /// <exception cref="NbException">An object is wrong; see <see cref="Load"/>.</exception>
    public static Manifest FromObjects(IEnumerable<IEnumerable<KeyValuePair<string, object?>>> items, string baseFolder)
    {
        var binder = new ManifestBinder(source: null, names: true);
        ImmutableArray<ManifestItem> bound = [.. items
            .Select((item, index) => ManifestValue.From(item, TextPosition.Row(index + 1)))
            .Where(row => !row.IsBlank)
            .Select(binder.Item)];
        return binder.Finish(new Manifest { BaseFolder = System.IO.Path.GetFullPath(baseFolder), Items = bound });
    }

    /// <summary>The property of an item that a column's name stands for, in any case and with or without _, - and
    /// spaces; null when it stands for none.</summary>
    public static string? PropertyOf(string column) => ManifestWords.PropertyOf(column);

    /// <summary>The property of an item nearest to the name of a column that stands for none; null when none is
    /// near.</summary>
    public static string? NearestProperty(string column) => ManifestWords.NearestTo(column);

    /// <summary>Reads one row by itself, with the words and the refusals of an item. What it must have is for the
    /// caller to say.</summary>
    /// <param name="row">Names and values.</param>
    /// <returns>The item, with an empty name when the row has none, and what to warn of.</returns>
    /// <exception cref="NbException">A column is misspelled, or a value is of the wrong sort.</exception>
    public static (ManifestItem Item,
        ImmutableArray<string> Warnings) ReadRow(IEnumerable<KeyValuePair<string, object?>> row)
    {
        var binder = new ManifestBinder(source: null, names: false);
        ManifestItem item = binder.Item(ManifestValue.From(row));
        return (item, binder.Finish(item));
    }

    /// <summary>Refuses a row whose outFile leaves its folder, or cannot be the name of a file everywhere.</summary>
    /// <exception cref="NbException">It does.</exception>
    public static void CheckPath(ManifestItem row)
    {
        if (row.OutFile is not null && ItemPath.Problem(row, "") is { } problem) throw problem;
    }

    /// <summary>The manifest with anchors that its items name and that are not its own. A batch keeps their
    /// pictures.</summary>
    /// <param name="find">Gives the anchor of a name; null when there is none.</param>
    /// <param name="destination">Full path of the batch's folder. Nothing is written to it yet.</param>
    /// <exception cref="NbException">An anchor cannot be read.</exception>
    public Manifest WithAnchors(Func<string, Anchor?> find, string destination)
    {
        var store = new BlobStore(destination);
        var known = Anchors.Select(anchor => anchor.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Anchor[] named = [.. Items.Append(Defaults).SelectMany(item => item.Anchors ?? [])
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !known.Contains(name)).Select(find).OfType<Anchor>()];
        return this with
        {
            Anchors = [.. Anchors, .. named.Select(anchor => new ManifestAnchor(
                anchor.Name, anchor.Role, anchor.Description, [.. anchor.Pictures.Select(picture =>
                    new ManifestPicture(store.PathOf(picture.Data.Sha256), picture.Data.Sha256))]))],
            Held = Held.SetItems(named.SelectMany(anchor => anchor.Pictures)
                .Select(picture => KeyValuePair.Create(store.PathOf(picture.Data.Sha256), picture))),
        };
    }

    /// <summary>The manifest with its items in every combination of values: fox becomes fox-dawn-ink and so
    /// on.</summary>
    /// <param name="axes">In the order in which names tell them; none leaves it as it is.</param>
    /// <exception cref="NbException">An axis is wrong (Nb.Manifest.InvalidMatrix), or two items come to one
    /// name.</exception>
    public Manifest Varied(IEnumerable<MatrixAxis> axes)
    {
        Manifest varied = this with { Items = ManifestMatrix.Expand(Items, [.. axes]) };
        var problems = new List<NbException>();
        ManifestChecker.Check(varied, Path is null ? null : System.IO.Path.GetFileName(Path), problems);
        ManifestErrors.ThrowTogether(problems, Path);
        return varied;
    }

    /// <summary>Pictures that are at hand, by the full path they will have.</summary>
    internal ImmutableDictionary<string, Picture> Held { get; init; } = ImmutableDictionary<string, Picture>.Empty;

    /// <summary>Pictures that items are made from and that are at hand, by the full path they will have.</summary>
    internal ImmutableDictionary<string, NbImage> HeldSources { get; init; } =
        ImmutableDictionary<string, NbImage>.Empty;

    /// <summary>The full path of a path in this manifest.</summary>
    internal string Resolve(string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(BaseFolder, path));
}
