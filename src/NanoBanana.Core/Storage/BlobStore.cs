namespace NanoBanana.Storage;

/// <summary>The folder <c>.nb/blobs</c> beside saved images: every blob once, under its SHA-256
/// (<c>ab/cdef...</c>).</summary>
/// <remarks>Any number of processes may write into one store: a blob appears by rename, and two of one name are the
/// same bytes.</remarks>
public sealed class BlobStore
{
    /// <summary>Name of the folder that holds what images remember.</summary>
    public const string FolderName = ".nb";

    /// <summary>Name of the folder in the store for pictures that others took the place of.</summary>
    internal const string ReplacedFolder = "replaced";

    private readonly string _blobs;

    /// <summary>The store of a folder of images; nothing is created yet.</summary>
    /// <param name="imageFolder">Full path of the folder the images lie in.</param>
    public BlobStore(string imageFolder)
    {
        _blobs = Path.Combine(imageFolder, FolderName, "blobs");
        TemporaryFolder = Path.Combine(imageFolder, FolderName, "tmp");
    }

    /// <summary>The store of the images in a folder: for those set aside in a store, that store itself.</summary>
    /// <param name="imageFolder">Full path of the folder the images lie in.</param>
    internal static BlobStore Of(string imageFolder) =>
        Path.GetFileName(imageFolder) == ReplacedFolder && Path.GetDirectoryName(imageFolder) is { } store
        && Path.GetFileName(store) == FolderName ? new BlobStore(Path.GetDirectoryName(store)!)
        : new BlobStore(imageFolder);

    /// <summary>Where bytes arrive before they have a name: on the same volume, so that a rename is enough.</summary>
    internal string TemporaryFolder { get; }

    /// <summary>Where answers are on record that single calls into a folder of images wait for.</summary>
    internal static string PendingFolder(string imageFolder) => Path.Combine(imageFolder, FolderName, "pending");

    /// <summary>Whether a path lies in the store of some folder.</summary>
    internal static bool IsWithin(string path) => path.Split('/', '\\').Contains(FolderName);

    /// <summary>Where a blob of that hash lies or would lie.</summary>
    /// <exception cref="FormatException">It is no SHA-256 in lower-case hexadecimal: a sidecar from elsewhere must not
    /// name other files.</exception>
    public string PathOf(string sha256) => Blob.IsSha256(sha256)
        ? Path.Combine(_blobs, sha256[..2], sha256[2..])
        : throw new FormatException($"'{sha256}' is no SHA-256.");

    /// <summary>The hashes of all stored blobs; none when there is no store.</summary>
    public IEnumerable<string> Hashes => !Directory.Exists(_blobs) ? [] :
        Directory.EnumerateDirectories(_blobs)
            .SelectMany(folder => Directory.EnumerateFiles(folder), (folder, file) =>
            Path.GetFileName(folder) + Path.GetFileName(file))
            .Where(Blob.IsSha256);

    /// <summary>The stored blob of that hash; it is not opened yet, so it may turn out to be missing.</summary>
    public Blob Get(string sha256) => Blob.FromFile(PathOf(sha256), sha256);

    /// <summary>Stores a blob unless it is there.</summary>
    /// <exception cref="NbException">The store cannot be written, or the blob's own file is gone or has
    /// changed.</exception>
    public void Put(Blob blob) => Put(blob, later: null);

    /// <summary>Stores a blob unless it is there.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="later">Puts it on disk with others; null to do so now.</param>
    /// <exception cref="NbException">The store cannot be written, or the blob's own file is gone or has
    /// changed.</exception>
    internal void Put(Blob blob, FlushSet? later)
    {
        string path = PathOf(blob.Sha256);
        Inside.CheckStored(path);
        var now = new FlushSet();
        try
        {
            // A file of another length was damaged since: here are the true bytes.
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
            // A file under a hash must have that hash.
            blob.Verify();
            AtomicFile.Write(path, TemporaryFolder, overwrite: true, blob.CopyTo, later);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }
}
