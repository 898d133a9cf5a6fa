using NanoBanana.Conversations;
using NanoBanana.Requests;

namespace NanoBanana.Batches;

/// <summary>The pictures that a manifest names: each is opened and hashed once, however many items use it.</summary>
/// <param name="manifest">The manifest.</param>
/// <param name="store">Where a batch keeps its copies; null where there is no batch yet.</param>
internal sealed class PictureLibrary(Manifest manifest, BlobStore? store)
{
    private readonly Dictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Picture Open(ManifestPicture picture)
    {
        string path = manifest.Resolve(picture.Path);
        if (_pictures.TryGetValue(path, out Picture? known)) return known;
        Picture opened = !File.Exists(path) && picture.Sha256 is { } sha256 && store is not null && File.Exists(store.PathOf(sha256))
            ? Picture.FromBlob(store.Get(sha256), Path.GetFileName(path), path)
            : Picture.FromFile(path);
        _pictures.Add(path, opened);
        return opened;
    }

    /// <exception cref="NbException">There is no such anchor, or one of its pictures cannot be used.</exception>
    public Anchor Anchor(string name)
    {
        if (_anchors.TryGetValue(name, out Anchor? known)) return known;
        ManifestAnchor anchor = manifest.Anchors.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw NbErrors.UnknownAnchor(name, manifest.Anchors.Select(a => a.Name));
        Anchor opened = Requests.Anchor.Create(anchor.Name, anchor.Role, anchor.Description, anchor.Pictures.Select(Open));
        _anchors.Add(name, opened);
        return opened;
    }

    /// <exception cref="NbException">The picture cannot be used.</exception>
    public Reference Reference(ManifestReference reference) =>
        new(Open(reference.Picture), reference.Role, reference.Name, reference.Description);

    /// <summary>Hash of a picture that was opened; null when nothing used it.</summary>
    public string? HashOf(ManifestPicture picture) => _pictures.GetValueOrDefault(manifest.Resolve(picture.Path))?.Data.Sha256;

    /// <summary>Copies every opened picture into the store, so that the batch can go on without the files.</summary>
    public void Keep(BlobStore destination)
    {
        foreach (Picture picture in _pictures.Values) destination.Put(picture.Data);
    }
}
