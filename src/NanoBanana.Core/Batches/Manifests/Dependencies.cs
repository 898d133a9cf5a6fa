using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The files that items depend on. Each is hashed once, however many items name it. They are not
/// sent.</summary>
/// <param name="manifest">The manifest, which their paths are relative to.</param>
internal sealed class Dependencies(Manifest manifest)
{
    private readonly Dictionary<string, string?> _hashes = new(StringComparer.Ordinal);

    /// <summary>Hash of the current content of files, in order; null for none.</summary>
    /// <exception cref="NbException">One is missing, and its hash is not known either, or it cannot be
    /// read.</exception>
    public string? HashOf(IReadOnlyCollection<ManifestPicture> files) => files.Count == 0 ? null
        : Blob.HashOf(string.Join('\n', files.Select(HashOf)));

    /// <summary>Hash of a file's current content. If the file is gone, the hash recorded in the batch
    /// applies.</summary>
    /// <exception cref="NbException">It is missing, and its hash is not known either, or it cannot be
    /// read.</exception>
    public string HashOf(ManifestPicture file)
    {
        string path = manifest.Resolve(file.Path);
        if (!_hashes.TryGetValue(path, out string? hash)) _hashes.Add(path, hash = Read(path));
        return hash ?? (Blob.IsSha256(file.Sha256) ? file.Sha256! : throw FileErrors.NotFound(path));
    }

    private static string? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return Disk.HasNoBytes(path) ? Blob.HashOf("") : Blob.FromFile(path).Sha256;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
    }
}
