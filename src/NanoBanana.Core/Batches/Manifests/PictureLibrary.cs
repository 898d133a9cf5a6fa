using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The pictures that a manifest names: each is opened and hashed once, however many items use it.</summary>
/// <param name="manifest">The manifest.</param>
/// <param name="destination">Full path of the batch's folder, which keeps copies; null where there is no batch yet.</param>
internal sealed class PictureLibrary(Manifest manifest, string? destination)
{
    // A store of their own: a source brings its conversation along.
    private const string SourcesFolder = "sources";

    private readonly BlobStore? _store = destination is null ? null : new BlobStore(destination);
    private readonly Dictionary<string, NbImage> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Picture Open(ManifestPicture picture)
    {
        string path = manifest.Resolve(picture.Path);
        if (_pictures.TryGetValue(path, out Picture? known)) return known;
        Picture opened = !File.Exists(path) && picture.Sha256 is { } sha256 && _store is not null && File.Exists(_store.PathOf(sha256))
            ? Picture.FromBlob(_store.Get(sha256), Path.GetFileName(path), path)
            : Picture.FromFile(path);
        _pictures.Add(path, opened);
        return opened;
    }

    /// <exception cref="NbException">There is no such anchor, or one of its pictures cannot be used.</exception>
    public Anchor Anchor(string name)
    {
        if (_anchors.TryGetValue(name, out Anchor? known)) return known;
        ManifestAnchor anchor = manifest.Anchors.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw AnchorErrors.Unknown(name, manifest.Anchors.Select(a => a.Name));
        Anchor opened = Requests.Anchor.Create(anchor.Name, anchor.Role, anchor.Description, anchor.Pictures.Select(Open));
        _anchors.Add(name, opened);
        return opened;
    }

    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Reference Reference(ManifestReference reference) =>
        new(Open(reference.Picture), reference.Role, reference.Name, reference.Description);

    /// <summary>The picture that an item changes, with its conversation when it has one.</summary>
    /// <exception cref="NbException">It is missing or cannot be used.</exception>
    public NbImage Source(ManifestItem item)
    {
        string path = manifest.Resolve(item.From!);
        if (_sources.TryGetValue(path, out NbImage? known)) return known;
        string? kept = File.Exists(path) || item.FromSha256 is not { } sha256 ? null : KeptSource(sha256);
        NbImage source = ImageFile.Import(kept ?? path);
        _sources.Add(path, source);
        return source;
    }

    /// <summary>Hash of a picture that was opened; null when nothing used it.</summary>
    public string? HashOf(ManifestPicture picture) => _pictures.GetValueOrDefault(manifest.Resolve(picture.Path))?.Data.Sha256;

    /// <summary>Hash of the picture that an item changes; null when it was not opened.</summary>
    public string? HashOfSource(ManifestItem item) => _sources.GetValueOrDefault(manifest.Resolve(item.From!))?.Sha256 ?? item.FromSha256;

    /// <summary>Copies everything that was opened into the destination, so that the batch can go on without the files.</summary>
    /// <exception cref="NbException">The destination cannot be written.</exception>
    public void Keep()
    {
        foreach (Picture picture in _pictures.Values) _store!.Put(picture.Data);
        foreach (NbImage source in _sources.Values)
        {
            if (KeptSource(source.Sha256) is null) ImageFile.Save(source, Path.Combine(SourcesPath, source.Sha256 + source.Format.Extension));
        }
    }

    private string SourcesPath => Path.Combine(destination!, BlobStore.FolderName, SourcesFolder);

    private string? KeptSource(string sha256) => destination is null || !Blob.IsSha256(sha256) || !Directory.Exists(SourcesPath) ? null
        : Directory.GetFiles(SourcesPath, sha256 + ".*").FirstOrDefault(path => !ImageFile.IsSidecar(path));
}
