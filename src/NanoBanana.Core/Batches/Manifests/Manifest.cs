using System.Collections.Immutable;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>What a batch should make: defaults, anchors, and items that may build on each other. Its form is checked,
/// its requests are not.</summary>
public sealed record Manifest
{
    /// <summary>Full path of the file it was read from; null when it came from objects.</summary>
    public string? Path { get; init; }

    /// <summary>Full path of the folder that its paths are relative to.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>Settings for every item that does not override them.</summary>
    public ManifestItem Defaults { get; init; } = new() { Name = "" };

    /// <summary>The API to use; null for that of the connection.</summary>
    public ModelApi? Api { get; init; }

    /// <summary>The edition it makes, such as 2026-W48; null for none.</summary>
    public string? Edition { get; init; }

    /// <summary>HTTPS addresses that the service notifies when a job has ended.</summary>
    public ImmutableArray<string> Webhooks { get; init; } = [];

    /// <summary>What must stay the same from picture to picture.</summary>
    public ImmutableArray<ManifestAnchor> Anchors { get; init; } = [];

    /// <summary>The items, in the order of the manifest. Never empty; names are unique.</summary>
    public required ImmutableArray<ManifestItem> Items { get; init; }

    /// <summary>Warnings, such as an unknown property.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Reads a manifest: JSON, or JSON lines when the file is called .jsonl or .ndjson.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing or unreadable, or the manifest is wrong. Several mistakes are
    /// reported together: the error is then Nb.Manifest.Invalid, and its inner <see cref="AggregateException"/> holds
    /// one error for each.</exception>
    public static Manifest Load(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        return ManifestReader.Read(path);
    }

    /// <summary>Makes a manifest from objects given as name and value pairs, such as the rows of a table. Property
    /// names are those of the file form, ignoring case; a text with semicolons may replace a list. An item without a
    /// name is named after its prompt. Objects with no values, such as a blank line at the end of a table, are
    /// skipped.</summary>
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

    /// <summary>The property of an item that a column's name means, ignoring case, _, - and spaces; null for
    /// none.</summary>
    public static string? PropertyOf(string column) => ManifestWords.PropertyOf(column);

    /// <summary>The property of an item most similar to an unknown column's name; null when none is similar.</summary>
    public static string? NearestProperty(string column) => ManifestWords.NearestTo(column);

    /// <summary>Reads one row by itself, with the names and checks of an item. The caller decides what is
    /// required.</summary>
    /// <param name="row">Names and values.</param>
    /// <returns>The item, with an empty name when the row has none, and its warnings.</returns>
    /// <exception cref="NbException">A column is misspelled, or a value is of the wrong sort.</exception>
    public static (ManifestItem Item,
        ImmutableArray<string> Warnings) ReadRow(IEnumerable<KeyValuePair<string, object?>> row)
    {
        var binder = new ManifestBinder(source: null, names: false);
        ManifestItem item = binder.Item(ManifestValue.From(row));
        return (item, binder.Finish(item));
    }

    /// <summary>Refuses a row whose outFile leaves its folder, or is not a valid file name on every system.</summary>
    /// <exception cref="NbException">It does.</exception>
    public static void CheckPath(ManifestItem row)
    {
        if (row.OutFile is not null && ItemPath.Problem(row, "") is { } problem) throw problem;
    }

    /// <summary>The manifest with the anchors that its items name but it does not define. A batch keeps copies of their
    /// pictures.</summary>
    /// <param name="find">Finds an anchor by name; null when there is none.</param>
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
    /// <param name="axes">The axes, in the order in which they appear in names; empty to change nothing.</param>
    /// <exception cref="NbException">An axis is wrong (Nb.Manifest.InvalidMatrix), or two items get the same
    /// name.</exception>
    public Manifest Varied(IEnumerable<MatrixAxis> axes)
    {
        Manifest varied = this with { Items = ManifestMatrix.Expand(Items, [.. axes]) };
        var problems = new List<NbException>();
        ManifestChecker.Check(varied, Path is null ? null : System.IO.Path.GetFileName(Path), problems);
        ManifestErrors.ThrowTogether(problems, Path);
        return varied;
    }

    /// <summary>Pictures in memory, by the full path they will have.</summary>
    internal ImmutableDictionary<string, Picture> Held { get; init; } = ImmutableDictionary<string, Picture>.Empty;

    /// <summary>Source images in memory, by the full path they will have.</summary>
    internal ImmutableDictionary<string, NbImage> HeldSources { get; init; } =
        ImmutableDictionary<string, NbImage>.Empty;

    /// <summary>The full path of a table of texts in this manifest. A folder's own manifest, which came with the
    /// folder, names none outside.</summary>
    /// <exception cref="NbException">It leads outside.</exception>
    internal string TableAt(string name)
    {
        string path = Resolve(name);
        bool isForbidden = System.IO.Path.GetFileName(Path) == ManifestWriter.FileName
            ? Inside.LeadsOut(BaseFolder, path) : Inside.IsDisguised(BaseFolder, name, path);
        return isForbidden ? throw FileErrors.Outside(BaseFolder, path) : path;
    }

    /// <summary>The full path of a path in this manifest.</summary>
    internal string Resolve(string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(BaseFolder, path));
}
