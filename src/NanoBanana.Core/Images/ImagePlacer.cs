using NanoBanana.Pictures;
using NanoBanana.Storage;
using System.Globalization;

namespace NanoBanana.Images;

/// <summary>Puts a picture and its sidecar in place: it flushes the bytes, then renames the files, then flushes the
/// folder.</summary>
/// <param name="image">The image.</param>
/// <param name="wanted">Full path with the right extension.</param>
/// <param name="store">The store of its folder.</param>
internal sealed class ImagePlacer(NbImage image, string wanted, BlobStore store)
{
    private readonly FileBlob _file = image.Data is FileBlob file
        && Path.GetDirectoryName(file.Path) == store.TemporaryFolder ? file : Copied(image.Data, store);

    private string? _sidecar;
    private bool _isStaged;

    private bool HasMemory =>
        image.Prompt is not null || image.RequestHash is not null || image.Conversation is not null
        || image.Derivation is not null;

    /// <summary>Places both.</summary>
    /// <param name="force">Replace a file that is there; otherwise the name is numbered.</param>
    /// <param name="own">Files that even force does not replace.</param>
    /// <param name="staged">Full path of its sidecar, written in advance for the wanted name; it stays until the
    /// picture has its name. Null to write it now.</param>
    /// <returns>Full path of the picture.</returns>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public string Place(bool force, SaveSession? own, string? staged)
    {
        string folder = Path.GetDirectoryName(wanted)!;
        _sidecar = staged;
        _isStaged = staged is not null;
        try
        {
            if (HasMemory && !_isStaged) _sidecar = WriteSidecar(wanted);
            PutOnDisk(own);
            string path;
            // The lock is held only for renames, and for the sidecar of a numbered name: other flushes are done before.
            using (FolderLock.Naming(folder))
            {
                path = TakeName(force, own);
                // Recorded before the same command chooses another name, because force would replace this file.
                own?.Add(path);
            }
            Disk.FlushFolder(folder);
            return path;
        }
        catch
        {
            if (_file != image.Data && Path.GetDirectoryName(_file.Path) == store.TemporaryFolder)
            {
                File.Delete(_file.Path);
            }
            if (_sidecar is not null && !_isStaged) File.Delete(_sidecar);
            throw;
        }
    }

    private static FileBlob Copied(Blob data, BlobStore store)
    {
        string path = AtomicFile.NewTemporaryPath(store.TemporaryFolder);
        try
        {
            using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write)) data.CopyTo(target);
            return new FileBlob(path, data.Sha256);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private string WriteSidecar(string path)
    {
        string temporary = AtomicFile.NewTemporaryPath(store.TemporaryFolder);
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
        Sidecar.Write(stream, image with { Path = path });
        return temporary;
    }

    private void PutOnDisk(SaveSession? own)
    {
        var later = new FlushSet();
        // Blobs are written first, so that a sidecar never refers to a missing blob.
        IEnumerable<Blob> blobs = Reference.Blobs(image.References);
        if (image.Conversation is { } conversation) blobs = blobs.Concat(conversation.Blobs);
        var put = new List<string>();
        foreach (Blob blob in blobs)
        {
            // The picture itself is beside its sidecar and is not stored twice, and images of one answer share blobs.
            string stored = store.PathOf(blob.Sha256);
            if (blob.Sha256 == image.Sha256 || own?.HasStored(stored) == true) continue;
            store.Put(blob, later);
            put.Add(stored);
        }
        if (!_file.IsOnDisk)
        {
            later.AddFile(_file.Path);
            if (_sidecar is not null) later.AddFile(_sidecar);
        }
        later.Flush();
        own?.AddStored(put);
        _file.MarkOnDisk();
    }

    private string TakeName(bool force, SaveSession? own)
    {
        string path = SameName.Existing(wanted);
        for (int number = 2; ; number++)
        {
            bool replaces = force && own?.Contains(path) != true;
            try
            {
                if (replaces || !File.Exists(path))
                {
                    Take(path, replaces);
                    return path;
                }
            }
            catch (IOException) when (!replaces && File.Exists(path))
            {
                // Another process took the name in between.
            }
            path = Path.Combine(Path.GetDirectoryName(wanted)!, string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(wanted)}-{number}{Path.GetExtension(wanted)}"));
            path = SameName.Existing(path);
        }
    }

    private void Take(string path, bool replaces)
    {
        string sidecar = Sidecar.PathFor(path);
        string? spare = null;
        if (HasMemory && (path != wanted || _sidecar is null))
        {
            // The sidecar contains the file name.
            spare = _sidecar;
            _sidecar = WriteSidecar(path);
            Disk.FlushFile(_sidecar);
        }
        StraySidecar.GiveWay(path);
        // The sidecar of a replaced picture is removed with it.
        if (replaces) Disk.Delete(sidecar);
        // A staged picture is found again by its sidecar. Any other picture keeps its sidecar, even under another name.
        bool isPictureFirst = replaces || _isStaged;
        if (isPictureFirst) _file.MoveTo(path, replaces);
        if (_sidecar is not null)
        {
            Disk.Move(_sidecar, sidecar, overwrite: true);
            _sidecar = null;
        }
        if (!isPictureFirst) _file.MoveTo(path, overwrite: false);
        if (spare is not null) File.Delete(spare);
    }
}
