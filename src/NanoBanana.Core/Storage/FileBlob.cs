using Microsoft.Win32.SafeHandles;

namespace NanoBanana.Storage;

/// <summary>A blob in a file. Its name is its hash; <see cref="Verify"/> checks whether the bytes still have
/// it.</summary>
internal sealed class FileBlob : Blob
{
    private readonly bool _isNamed;
    private volatile string _path;
    private bool _isOnDisk;
    private string? _sha256;
    private long? _length;
    private Stamp? _verified;

    /// <param name="path">Full path.</param>
    /// <param name="sha256">Its expected hash; null to accept the current bytes.</param>
    /// <param name="isVerified">Whether this process has just written these bytes.</param>
    public FileBlob(string path, string? sha256, bool isVerified = false)
    {
        _path = path;
        _sha256 = sha256;
        _isNamed = sha256 is not null;
        if (isVerified) _verified = StampNow();
    }

    public string Path => _path;

    public override long Length => _length ??= StampNow().Length;

    public override string Sha256
    {
        get
        {
            if (_sha256 is null)
            {
                Stamp now = StampNow();
                using Stream stream = OpenRead();
                _sha256 = HashOf(stream);
                _verified = now;
            }
            return _sha256;
        }
    }

    public override Stream OpenRead() => Guarded<Stream>(() => Disk.HasNoBytes(_path)
        ? new MemoryStream([], writable: false)
        : new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1,
            FileOptions.SequentialScan));

    public override void Verify()
    {
        if (_sha256 is null) return;
        // Hashed once for each state of the file: a history is not hashed again for every edit, but a change in between
        // is noticed.
        Stamp now = StampNow();
        if (now == _verified) return;
        using Stream stream = OpenRead();
        if (HashOf(stream) != _sha256) throw _isNamed ? BlobErrors.Damaged(_path) : FileErrors.Changed(_path);
        _verified = now;
    }

    /// <summary>Flushes the bytes and moves the file; the caller flushes the new folder. The blob then opens the file
    /// at its new place.</summary>
    /// <param name="path">Full path of its new place.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <param name="later">Flushes the bytes with others; null to flush them before the rename, so that after a power
    /// cut no name exists without its bytes.</param>
    public void MoveTo(string path, bool overwrite, FlushSet? later = null)
    {
        if (later is null && !_isOnDisk) Disk.FlushFile(_path);
        _isOnDisk |= later is null;
        Disk.Move(_path, path, overwrite);
        _path = path;
        if (later is null) return;
        if (_isOnDisk) later.AddFolder(System.IO.Path.GetDirectoryName(path)!);
        else later.Add(path);
    }

    /// <summary>Whether the bytes survive a power cut, as far as this process knows.</summary>
    public bool IsOnDisk => _isOnDisk;

    /// <summary>Gives the file another name in its folder; nothing is flushed.</summary>
    public void Rename(string path)
    {
        Disk.Move(_path, path, overwrite: false);
        _path = path;
    }

    /// <summary>Records that a <see cref="FlushSet"/> has flushed the bytes.</summary>
    public void MarkOnDisk() => _isOnDisk = true;

    /// <summary>Deletes the file because another one has the same bytes, and uses that from now on.</summary>
    public void ReplaceBy(string path)
    {
        string own = _path;
        _path = path;
        File.Delete(own);
    }

    private Stamp StampNow() => Guarded(() =>
    {
        // Checked before it is opened, because opening a pipe would block.
        if (Disk.HasNoBytes(_path)) return new Stamp(0, File.GetLastWriteTimeUtc(_path));
        // Read from an open file, because a link has its own length and time.
        using SafeFileHandle file = File.OpenHandle(_path, share: FileShare.ReadWrite | FileShare.Delete);
        return new Stamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
    });

    private T Guarded<T>(Func<T> open)
    {
        Inside.CheckStored(_path);
        try
        {
            return open();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw _isNamed ? BlobErrors.Missing(_path, e) : FileErrors.NotFound(_path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(_path, e);
        }
    }

    // A class, so that threads that share the blob see a consistent value.
    private sealed record Stamp(long Length, DateTime Modified);
}
