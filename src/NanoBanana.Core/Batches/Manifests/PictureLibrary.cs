using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The pictures that a manifest names: each is opened and hashed once, however many items use it.</summary>
/// <param name="manifest">The manifest.</param>
/// <param name="destination">Full path of the batch's folder, which keeps copies; null when there is no batch
/// yet.</param>
internal sealed class PictureLibrary(Manifest manifest, string? destination)
{
    // Separate from the pictures, because an edit's source also needs its conversation.
    public const string SourcesFolder = "sources";

    private readonly BlobStore? _store = destination is null ? null : new BlobStore(destination);
    private readonly Dictionary<string, NbImage> _sources = new(manifest.HeldSources, StringComparer.Ordinal);
    private readonly Dictionary<string, Picture> _pictures = new(manifest.Held, StringComparer.Ordinal);
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Picture Open(ManifestPicture picture) => Open(picture, mayBeMedia: false);

    private Picture Open(ManifestPicture picture, bool mayBeMedia)
    {
        string path = manifest.Resolve(picture.Path);
        if (_pictures.TryGetValue(path, out Picture? known) && (mayBeMedia || known.IsImage)) return known;
        Func<string, Picture> fromFile = mayBeMedia ? Picture.FromInput : Picture.FromFile;
        Func<Blob, string, string?, Picture> fromBlob = mayBeMedia ? Picture.FromInput : Picture.FromBlob;
        Picture opened = !IsThere(picture.Path, path, picture.Sha256) && Blob.IsSha256(picture.Sha256)
            && _store is not null
            && File.Exists(_store.PathOf(picture.Sha256!))
            ? fromBlob(_store.Get(picture.Sha256!), Path.GetFileName(path), path)
            : fromFile(Allowed(picture.Path, path, picture.Sha256));
        _pictures[path] = opened;
        return opened;
    }

    /// <exception cref="NbException">There is no such anchor, or one of its pictures cannot be used.</exception>
    public Anchor Anchor(string name)
    {
        if (_anchors.TryGetValue(name, out Anchor? known)) return known;
        ManifestAnchor anchor =
            manifest.Anchors.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw AnchorErrors.Unknown(name, manifest.Anchors.Select(a => a.Name));
        Anchor opened =
            Requests.Anchor.Create(anchor.Name, anchor.Role, anchor.Description, anchor.Pictures.Select(Open));
        _anchors.Add(name, opened);
        return opened;
    }

    /// <param name="reference">The reference in the manifest.</param>
    /// <param name="byReference">Whether references that are URLs are sent as URLs.</param>
    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Reference Reference(ManifestReference reference, bool byReference) =>
        new(PictureOf(reference.Picture, byReference), reference.Role, reference.Name, reference.Description);

    // URLs are not fetched here, because a manifest must mean the same pictures tomorrow.
    private Picture PictureOf(ManifestPicture picture, bool byReference) =>
        MediaAddress.IsSent(picture.Path, byReference) ? Picture.ByReference(picture.Path, picture.MimeType)
        : MediaAddress.IsAddress(picture.Path) ? throw PictureErrors.NotFetched(picture.Path)
        : Open(picture, mayBeMedia: true);

    /// <summary>The picture that an item changes, with its conversation when it has one.</summary>
    /// <exception cref="NbException">It is missing or cannot be used.</exception>
    public NbImage Source(ManifestItem item)
    {
        string path = manifest.Resolve(item.From!);
        if (_sources.TryGetValue(path, out NbImage? known)) return known;
        string? kept = IsThere(item.From!, path, item.FromSha256)
            || item.FromSha256 is not { } sha256 ? null : KeptSource(sha256);
        NbImage source = ImageFile.Import(kept ?? Allowed(item.From!, path, item.FromSha256));
        _sources.Add(path, source);
        return source;
    }

    /// <summary>Hash of a picture that was opened; null when nothing used it.</summary>
    public string? HashOf(ManifestPicture picture) =>
        _pictures.GetValueOrDefault(manifest.Resolve(picture.Path))?.Data.Sha256;

    /// <summary>Hash of the picture that an item changes; null when it was not opened.</summary>
    public string? HashOfSource(ManifestItem item) =>
        _sources.GetValueOrDefault(manifest.Resolve(item.From!))?.Sha256 ?? item.FromSha256;

    /// <summary>Copies all opened pictures to the destination, so that the batch can continue without the
    /// files.</summary>
    /// <exception cref="NbException">The destination cannot be written.</exception>
    public void Keep()
    {
        if (_sources.Count > 0) Inside.Check(destination!, SourcesPath);
        foreach (Picture picture in _pictures.Values) _store!.Put(picture.Data);
        foreach (NbImage source in _sources.Values)
        {
            if (KeptSource(source.Sha256) is null)
            {
                ImageFile.Save(source, KeptPath(destination!, source));
            }
        }
    }

    /// <summary>Full path of the copy that a batch's folder keeps of a picture that something is made from.</summary>
    public static string KeptPath(string destination, NbImage picture) => Path.Combine(
        destination, BlobStore.FolderName, SourcesFolder, picture.Sha256 + picture.Format.Extension);

    private string SourcesPath => Path.Combine(destination!, BlobStore.FolderName, SourcesFolder);

    private string? KeptSource(string sha256) =>
        destination is null || !Blob.IsSha256(sha256) || !Directory.Exists(SourcesPath) ? null
        : Directory.GetFiles(SourcesPath, sha256 + ".*").FirstOrDefault(path =>
            !ImageFile.IsSidecar(path) && !Inside.LeadsOut(destination, path) && Blob.FromFile(path).Sha256 == sha256);

    private bool IsThere(string name, string path, string? sha256) =>
        File.Exists(path) && !IsForbidden(name, path, sha256);

    private string Allowed(string name, string path, string? sha256) =>
        IsForbidden(name, path, sha256) ? throw FileErrors.Outside(manifest.BaseFolder, path) : path;

    // A manifest given by the user may name pictures anywhere, but not through a link that hides where they are. The
    // folder's own manifest may come from somebody else: files outside the folder are only used when their hash is
    // recorded, so that no other file can be read.
    private bool IsForbidden(string name, string path, string? sha256)
    {
        bool isFoldersOwn = destination is not null && manifest.Path is { } own
            && own == Path.Combine(destination, ManifestWriter.FileName);
        if (isFoldersOwn)
        {
            return Inside.LeadsOut(destination!, path) && !(File.Exists(path) && Blob.FromFile(path).Sha256 == sha256);
        }
        return Inside.IsDisguised(manifest.BaseFolder, name, path);
    }
}
