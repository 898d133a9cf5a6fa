using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Makes the final version of every approved picture: a new item made from that very picture, with the run's
/// options and the draft's references. The reviewer's note is the edit.</summary>
internal sealed partial class Promotion
{
    private const string Suffix = "-final";

    private const string Again =
        "Make this picture again as a finished image, with full detail. Keep composition, subjects, colors, light "
        + "and any lettering exactly as they are.";

    private readonly Manifest _manifest;
    private readonly BatchOptions _options;
    private readonly string _destination;
    private readonly List<string> _warnings = [];
    private readonly ImmutableArray<ManifestItem>.Builder _items;

    // Indexes of items by name and by file.
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);

    private Promotion(Manifest manifest, BatchOptions options, string destination)
    {
        (_manifest, _options, _destination) = (manifest, options, destination);
        _items = ImmutableArray.CreateBuilder<ManifestItem>(manifest.Items.Length);
        foreach (ManifestItem item in manifest.Items) Put(item);
    }

    /// <summary>The manifest with the finals added, and the options that make only those.</summary>
    /// <param name="manifest">The manifest of the drafts.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="destination">Full path of the batch's folder.</param>
    /// <param name="records">The records of its ledger.</param>
    /// <exception cref="NbException">Nothing is approved, or an approved picture cannot be read.</exception>
    public static (Manifest Manifest, BatchOptions Options) Of(Manifest manifest, BatchOptions options,
        string destination, IReadOnlyDictionary<string, ItemRecord> records) =>
        new Promotion(manifest, options, destination).Make(records);

    /// <summary>Whether an item is a final, which is made from a copy of a picture kept in the batch's
    /// folder.</summary>
    public static bool IsFinal(ManifestItem item) => item.From is { } from && FinalName().IsMatch(item.Name)
        && from.Replace('\\', '/').Contains($"{BlobStore.FolderName}/{PictureLibrary.SourcesFolder}/",
            StringComparison.Ordinal);

    private (Manifest, BatchOptions) Make(IReadOnlyDictionary<string, ItemRecord> records)
    {
        var review = Review.Of(_destination);
        var names = ImmutableArray.CreateBuilder<string>();
        ImmutableDictionary<string, NbImage> held = _manifest.HeldSources;
        int approved = 0;
        foreach (ManifestItem draft in _manifest.Items)
        {
            bool isApproved = review.Items.TryGetValue(draft.Name, out PictureReview? said)
                && said.Decision == ReviewDecision.Approved;
            if (!isApproved) continue;
            approved++;
            string name = NameOf(draft);
            if (!IsAskedFor(draft.Name) && !IsAskedFor(name)) continue;
            if (Picture(records.GetValueOrDefault(draft.Name), said!) is not { } picture)
            {
                _warnings.Add($"'{draft.Name}' is another picture than the one that was approved: review it again.");
                continue;
            }
            // An approved final needs no further final.
            if (IsFinal(draft) && said!.Note is null) continue;
            string path = PictureLibrary.KeptPath(_destination, picture);
            held = held.SetItem(path, picture);
            Put(FinalOf(draft, name, said!.Note, path, picture));
            names.Add(name);
        }
        if (names.Count == 0)
        {
            throw ReviewErrors.NothingApproved(_destination, approved == 0 ? ""
                : _warnings.Count > 0 ? $" as it is now ({_warnings[0]})" : " that is asked for and not final");
        }
        return (_manifest with
        {
            Items = _items.ToImmutable(), HeldSources = held, Warnings = [.. _manifest.Warnings, .. _warnings],
        }, _options with { Only = names.ToImmutable(), Overrides = new RequestOptions() });
    }

    // The picture on disk, if it is the one that was reviewed.
    private NbImage? Picture(ItemRecord? record, PictureReview said)
    {
        if (Inside.Find(_destination, record?.Saved?.File) is not { } path || !File.Exists(path)) return null;
        return ImageFile.Import(path) is var image && image.Sha256 == said.Sha256 ? image : null;
    }

    private bool IsAskedFor(string name) => _options.Only.IsDefaultOrEmpty
        || _options.Only.Any(only => FileSystemName.MatchesSimpleExpression(only, name));

    private void Put(ManifestItem item)
    {
        if (_places.TryAdd(item.Name, _items.Count)) _items.Add(item);
        else _items[_places[item.Name]] = item;
        _files[FileOf(item)] = item.Name;
    }

    private static string FileOf(ManifestItem item) => ItemPath.Comparable(ItemPath.StemOf(item));

    // A user's item that already has the name or the file keeps it.
    private string NameOf(ManifestItem draft)
    {
        string stem = IsFinal(draft) ? FinalName().Replace(draft.Name, "") : draft.Name;
        int number = IsFinal(draft) && FinalName().Match(draft.Name).Groups[1].Value is var had
            ? had.Length == 0 ? 2 : int.Parse(had, System.Globalization.CultureInfo.InvariantCulture) + 1 : 1;
        for (; ; number++)
        {
            string name = number == 1 ? stem + Suffix : $"{stem}{Suffix}-{number}";
            bool isFree = !_places.TryGetValue(name, out int place) || IsFinal(_items[place]);
            string file = FileOf(draft with { Name = name, OutFile = OutFileOf(draft, name) });
            if (isFree && _files.GetValueOrDefault(file, name) == name) return name;
        }
    }

    private ManifestItem FinalOf(ManifestItem draft, string name, string? note, string path, NbImage picture)
    {
        ManifestItem[] chain = [.. ChainOf(draft)];
        // Includes the options of the draft's sources, because the final is made from a file, which passes nothing on.
        ManifestItem final = chain.Aggregate((made, source) => RequestOptionTable.All
            .Where(option => option.Inheritance != OptionInheritance.None && option.Of(made) is null)
            .Aggregate(made, (item, option) => option.Copy(source, item)));
        final = RequestOptionTable.All.Where(option => option.Of(_options.Overrides) is not null)
            .Aggregate(final, (item, option) => option.Copy(_options.Overrides, item));
        return final with
        {
            Name = name,
            Prompt = null,
            Edit = note ?? Again,
            From = path,
            FromSha256 = picture.Sha256,
            // All references are sent again: the draft's model may have accepted fewer, and cannot pass on what it saw.
            Rebase = true,
            Anchors = chain.Select(item => item.Anchors).FirstOrDefault(anchors => anchors is not null)
                ?? _manifest.Defaults.Anchors,
            References = chain.Select(item => item.References).FirstOrDefault(references => references is not null)
                ?? _manifest.Defaults.References,
            Depends = [],
            Cell = null,
            OutFile = OutFileOf(draft, name),
        };
    }

    private static string? OutFileOf(ManifestItem draft, string name)
    {
        if (draft.OutFile is not { } file) return null;
        int stem = IsFinal(draft) ? FinalName().Replace(draft.Name, "").Length : draft.Name.Length;
        return Path.ChangeExtension(file, null) + name[stem..] + Path.GetExtension(file);
    }

    private IEnumerable<ManifestItem> ChainOf(ManifestItem item)
    {
        for (ManifestItem? at = item; at is not null; at = at.From is { } from
            && _places.TryGetValue(from, out int place) ? _items[place] : null)
        {
            yield return at;
        }
    }

    [GeneratedRegex(@"-final(?:-(\d{1,4}))?$")]
    private static partial Regex FinalName();
}
