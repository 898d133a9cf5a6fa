using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>Collects the content of a review page from a folder's pictures and the files beside them.</summary>
internal sealed class ReportReader
{
    private readonly string _folder;
    private readonly List<ReportItem> _items = [];
    private readonly List<ReportReference> _references = [];
    private readonly Dictionary<(string?, ReferenceRole, string), int> _referencePlaces = [];
    private readonly Dictionary<string, int> _byHash = new(StringComparer.Ordinal);

    private readonly Dictionary<string, NbImage> _known = new(StringComparer.Ordinal);

    private ReportReader(string folder) => _folder = folder;

    /// <summary>Reads a batch's folder; images in the run's memory are not read again.</summary>
    /// <param name="batch">The batch.</param>
    public static Report Read(Batch batch)
    {
        var reader = new ReportReader(batch.Destination);
        foreach (NbImage image in batch.Items.Select(item => item.Made).OfType<NbImage>())
        {
            if (image.Path is { } path) reader._known[path] = image with { RecordedSha256 = image.Sha256 };
        }
        return reader.ReadFolder(batch.Manifest, recurse: false, TimeProvider.System);
    }

    /// <summary>Reads a folder of images.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="recurse">Whether subfolders are included.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="NbException">There is no such folder.</exception>
    public static Report Read(string folder, bool recurse = false, TimeProvider? time = null)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder)) throw FileErrors.FolderNotFound(folder);
        return new ReportReader(folder).ReadFolder(
            Batch.IsAt(folder) ? Batch.Read(folder) : null, recurse, time ?? TimeProvider.System);
    }

    private Report ReadFolder(Manifest? manifest, bool recurse, TimeProvider time)
    {
        if (manifest is not null)
        {
            foreach (ReportItem item in BatchItems.Of(_folder, manifest, ItemOf)) Add(item);
        }
        var known = _items.Select(item => item.Path).ToHashSet(StringComparer.Ordinal);
        // In the order in which they were made; those with an unknown time come last, by name.
        IEnumerable<ReportItem> others = Pictures(_folder, recurse).Where(path => !known.Contains(path))
            .Select(ItemOf).OfType<ReportItem>()
            .OrderBy(item => item.Image?.CreatedAt ?? DateTimeOffset.MaxValue);
        foreach (ReportItem item in others) Add(item);
        return Finish(time.GetUtcNow());
    }

    /// <summary>Reads some images.</summary>
    /// <param name="images">The images, in the order of the page.</param>
    /// <exception cref="NbException">One is not saved, so that there is no file to show.</exception>
    public static Report Read(IReadOnlyList<NbImage> images)
    {
        string folder = Holder([.. images.Select(image => Path.GetDirectoryName(
            image.Path ?? throw ImageErrors.NotSaved(image.ToString()))!)]);
        var reader = new ReportReader(folder);
        foreach (NbImage image in images.DistinctBy(image => image.Path)) reader.Add(reader.ItemOf(image));
        return reader.Finish(TimeProvider.System.GetUtcNow());
    }

    // The innermost common folder; the first image's folder when there is none.
    private static string Holder(string[] folders)
    {
        for (string? at = folders[0]; at is not null; at = Path.GetDirectoryName(at))
        {
            if (folders.All(folder => folder == at || folder.StartsWith(Path.TrimEndingDirectorySeparator(at)
                + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            {
                return at;
            }
        }
        return folders[0];
    }

    private static IEnumerable<string> Pictures(string folder, bool recurse)
    {
        IEnumerable<string> pictures = ImageFile.List(folder);
        if (!recurse) return pictures;
        // Folders such as .nb contain records, not pictures.
        return pictures.Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Where(inside => Path.GetFileName(inside)[0] != '.').SelectMany(inside => Pictures(inside, recurse)));
    }

    private void Add(ReportItem item)
    {
        if (item.Image?.RecordedSha256 is { } hash) _byHash.TryAdd(hash, _items.Count);
        _items.Add(item);
    }

    // A picture whose sidecar cannot be read is still shown.
    private ReportItem? ItemOf(string path)
    {
        try
        {
            return ItemOf(_known.GetValueOrDefault(path) ?? ImageFile.Import(path));
        }
        catch (NbException e)
        {
            try
            {
                return ItemOf(NbImage.Foreign(Blob.FromFile(path), path)) with { Warnings = [e.Message] };
            }
            catch (NbException)
            {
                return null;
            }
        }
    }

    private ReportItem ItemOf(NbImage image) => new()
    {
        Name = Path.GetRelativePath(_folder, image.Path!).Replace('\\', '/'),
        State = image.Derivation is not null ? ReportItem.Derived : image.Prompt is null ? ReportItem.Foreign
            : ReportItem.Succeeded,
        Path = image.Path,
        Length = image.Length,
        Image = image,
        Cost = image.Cost,
        Warnings = image.Warnings,
    };

    private Report Finish(DateTimeOffset now)
    {
        var review = Review.Of(_folder);
        for (int i = 0; i < _items.Count; i++) _items[i] = Reviewed(_items[i], review);
        int[] parents = new int[_items.Count];
        for (int i = 0; i < parents.Length; i++) parents[i] = ParentOf(i);
        for (int i = 0; i < parents.Length; i++)
        {
            ReportItem item = _items[i];
            int? parent = parents[i] >= 0 && !IsOwnAncestor(i, parents) ? parents[i] : null;
            if (item.Image is not { } image)
            {
                _items[i] = item with { Parent = parent };
                continue;
            }
            _items[i] = item with
            {
                Parent = parent,
                Before = parent is null && image.ParentSha256 is { } hash ? Stored(image, hash) : null,
                References = [.. image.References.Select(reference => PlaceOf(image, reference)).Distinct()],
            };
        }
        return new Report
        {
            Title = (Path.GetFileName(_folder) is { Length: > 0 } name ? name : _folder)
                + (HasRehearsal ? " (rehearsal, not billed)" : ""),
            Folder = _folder,
            CreatedAt = now,
            Items = [.. _items],
            References = [.. _references],
        };
    }

    // A person's review takes precedence over a check.
    private static ReportItem Reviewed(ReportItem item, Review review) =>
        review.Find(item.Name, item.Image?.Sha256) switch
    {
        null => item,
        { Decision: ReviewDecision.Rejected } said => item with { Review = said, State = ReportItem.Rejected },
        { Decision: ReviewDecision.Approved } said when item.State == ReportItem.Rejected => item with
        {
            Review = said, State = ReportItem.Succeeded, ErrorId = null, Message = null, Advice = null,
        },
        { } said => item with { Review = said },
    };

    private bool HasRehearsal => _items.Any(item => item.Image?.Provenance is { IsRehearsal: true });

    private int ParentOf(int index)
    {
        if (_items[index].Image is { } image)
        {
            return image.ParentSha256 is { } hash && _byHash.TryGetValue(hash, out int place)
                && place != index ? place : -1;
        }
        // An item that was not made has only the name of its source item.
        return _items[index].From is { } from ? _items.FindIndex(item => item.Name == from) : -1;
    }

    // Sidecars are untrusted: two that name each other as parent must not make an endless loop.
    private static bool IsOwnAncestor(int index, int[] parents)
    {
        int at = parents[index];
        for (int steps = 0; at >= 0 && steps <= parents.Length; steps++)
        {
            if (at == index) return true;
            at = parents[at];
        }
        return at >= 0;
    }

    private int PlaceOf(NbImage image, Reference reference)
    {
        // Two pictures of one anchor share a place.
        var key = (reference.Name, reference.Role, reference.Name is null ? reference.Picture.Data.Sha256 : "");
        if (_referencePlaces.TryGetValue(key, out int place)) return place;
        _references.Add(new ReportReference(
            reference.Name, reference.Role, reference.Description, Stored(image, reference.Picture.Data.Sha256)));
        return _referencePlaces[key] = _references.Count - 1;
    }

    private string? Stored(NbImage image, string hash)
    {
        if (_byHash.TryGetValue(hash, out int place)) return _items[place].Path;
        if (!Blob.IsSha256(hash)) return null;
        string path = BlobStore.Of(Path.GetDirectoryName(image.Path)!).PathOf(hash);
        return File.Exists(path) ? path : null;
    }
}
