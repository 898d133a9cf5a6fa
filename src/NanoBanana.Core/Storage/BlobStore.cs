namespace NanoBanana.Storage;

/// <summary>The folder <c>.nb/blobs</c> beside saved images: every blob once, under its SHA-256
/// (<c>ab/cdef...</c>).</summary>
/// <remarks>Any number of processes may write into one store: a blob appears by a rename, and blobs of one name have
/// the same bytes.</remarks>
public sealed class BlobStore
{
    /// <summary>Name of the folder with the blobs of saved images.</summary>
    public const string FolderName = ".nb";

    /// <summary>Name of the folder in the store for replaced pictures.</summary>
    internal const string ReplacedFolder = "replaced";

    private readonly string _blobs;

    /// <summary>The store of an image folder; nothing is created yet.</summary>
    /// <param name="imageFolder">Full path of the folder the images lie in.</param>
    public BlobStore(string imageFolder)
    {
        _blobs = Path.Combine(imageFolder, FolderName, "blobs");
        TemporaryFolder = Path.Combine(imageFolder, FolderName, "tmp");
    }

    /// <summary>The store of the images in a folder; images set aside in a store belong to that store.</summary>
    /// <param name="imageFolder">Full path of the folder the images lie in.</param>
    internal static BlobStore Of(string imageFolder) =>
        Path.GetFileName(imageFolder) == ReplacedFolder && Path.GetDirectoryName(imageFolder) is { } store
        && Path.GetFileName(store) == FolderName ? new BlobStore(Path.GetDirectoryName(store)!)
        : new BlobStore(imageFolder);

    /// <summary>The folder for bytes that have no name yet, on the same volume, so that a rename is enough.</summary>
    internal string TemporaryFolder { get; }

    /// <summary>The folder for records of pending answers of single calls.</summary>
    internal static string PendingFolder(string imageFolder) => Path.Combine(imageFolder, FolderName, "pending");

    /// <summary>Whether a path is in the store of any folder.</summary>
    internal static bool IsWithin(string path) => path.Split('/', '\\').Contains(FolderName);

    /// <summary>The path of the blob with a hash, whether it exists or not.</summary>
    /// <exception cref="FormatException">It is not a SHA-256 in lower-case hexadecimal: a foreign sidecar must not
    /// refer to other files.</exception>
    public string PathOf(string sha256) => Blob.IsSha256(sha256)
        ? Path.Combine(_blobs, sha256[..2], sha256[2..])
        : throw new FormatException($"'{sha256}' is no SHA-256.");

    /// <summary>The hashes of all stored blobs; none when there is no store.</summary>
    public IEnumerable<string> Hashes => !Directory.Exists(_blobs) ? [] :
        Directory.EnumerateDirectories(_blobs)
            .SelectMany(folder => Directory.EnumerateFiles(folder), (folder, file) =>
            Path.GetFileName(folder) + Path.GetFileName(file))
            .Where(Blob.IsSha256);

    /// <summary>The stored blob with a hash; it is not opened yet, so it may be missing.</summary>
    public Blob Get(string sha256) => Blob.FromFile(PathOf(sha256), sha256);

    /// <summary>Stores a blob unless it is there.</summary>
    /// <exception cref="NbException">The store cannot be written, or the blob's own file is gone or has
    /// changed.</exception>
    public void Put(Blob blob) => Put(blob, later: null);

    /// <summary>Stores a blob unless it is there.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="later">Flushes it with others; null to flush it now.</param>
    /// <exception cref="NbException">The store cannot be written, or the blob's own file is gone or has
    /// changed.</exception>
    internal void Put(Blob blob, FlushSet? later)
    {
        string path = PathOf(blob.Sha256);
        Inside.CheckStored(path);
        var now = new FlushSet();
        try
        {
            // A file of another length was damaged since, and is replaced by the right bytes.
            bool isStored = File.Exists(path) && new FileInfo(path).Length == blob.Length;
            FileBlob? temporary = blob is FileBlob file
                && Path.GetDirectoryName(file.Path) == TemporaryFolder ? file : null;
            if (isStored)
            {
                temporary?.ReplaceBy(path);
                (later ?? now).AddPending(path);
                now.Flush();
                return;
            }
            string folder = Path.GetDirectoryName(path)!;
            Disk.CreateFolder(folder, later);
            if (temporary is not null)
            {
                temporary.MoveTo(path, overwrite: true, later);
                if (later is null) Disk.FlushFolder(folder);
                return;
            }
            // A file must have the hash in its name.
            blob.Verify();
            AtomicFile.Write(path, TemporaryFolder, overwrite: true, blob.CopyTo, later);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }
}
