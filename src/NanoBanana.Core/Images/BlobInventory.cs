using System.Text.RegularExpressions;
using NanoBanana.Batches.Plans;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The files in the store of an image folder, and which of them are no longer needed.</summary>
public static partial class BlobInventory
{
    // Files that a running process is still receiving are younger.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private static readonly string[] Naming = ["*.json", "*.jsonl"];

    /// <summary>The files of a folder's store, in order of their names; none when it has no store.</summary>
    /// <param name="folder">Full path of the image folder.</param>
    /// <exception cref="NbException">The folder cannot be read.</exception>
    public static IReadOnlyList<StoredBlob> Of(string folder)
    {
        try
        {
            Inside.CheckStore(folder);
            ILookup<string, string> uses = Uses(folder);
            var store = new BlobStore(folder);
            // Other processes may remove files meanwhile, so missing files are skipped.
            IEnumerable<StoredBlob> blobs = from hash in store.Hashes.Order(StringComparer.Ordinal)
                let file = new FileInfo(store.PathOf(hash))
                where file.Exists
                select new StoredBlob(folder, file.FullName, hash, file.Length,
                    [.. uses[hash].Order(StringComparer.Ordinal)]);
            return [.. blobs,
                .. LeftBehind(store).Select(file => new StoredBlob(folder, file.FullName, "", file.Length, []))];
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(folder, e);
        }
    }

    /// <summary>The files of the store that one image's sidecar names.</summary>
    /// <param name="path">Full path of the image or of its sidecar.</param>
    /// <exception cref="NbException">The image has no sidecar, or the folder cannot be read.</exception>
    public static IReadOnlyList<StoredBlob> OfImage(string path)
    {
        string sidecar = ImageFile.IsSidecar(path) ? path : Sidecar.PathFor(path);
        if (!File.Exists(sidecar)) throw BlobErrors.NoSidecar(path);
        string name = Path.GetFileName(sidecar);
        return [.. Of(Path.GetDirectoryName(path)!).Where(blob => blob.UsedBy.Contains(name))];
    }

    /// <summary>Removes a file of a store, unless something refers to it by now.</summary>
    /// <exception cref="NbException">It is in use, or cannot be removed.</exception>
    public static void Remove(StoredBlob blob)
    {
        try
        {
            // Saving into the folder is locked meanwhile, because a new sidecar could refer to a blob that is about to
            // be removed.
            using FolderLock held = FolderLock.Exclusive(blob.Folder);
            Inside.Check(blob.Folder, blob.Path);
            string[] users = blob.Sha256.Length == 0 ? [] : [.. Uses(blob.Folder)[blob.Sha256]];
            if (users.Length > 0) throw BlobErrors.InUse(blob.Path, users);
            File.Delete(blob.Path);
            string folder = Path.GetDirectoryName(blob.Path)!;
            if (blob.Sha256.Length > 0 && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(blob.Path, e);
        }
    }

    // In sidecars and ledgers, any text that looks like a hash keeps the blob of that name.
    private static ILookup<string, string> Uses(string folder) => Naming
        .SelectMany(_ => Namers(folder), (pattern, namer) => (pattern, namer))
        .SelectMany(pair => Directory.EnumerateFiles(pair.namer, pair.pattern))
        .Concat(Directory.Exists(BlobStore.PendingFolder(folder))
            ? Directory.EnumerateFiles(BlobStore.PendingFolder(folder), "*.json") : [])
        .Distinct(StringComparer.Ordinal)
        .SelectMany(path =>
        LinesOf(path).SelectMany(line => Hash().Matches(line)).Select(match => match.Value).Distinct()
            .Select(hash => (hash, file: Path.GetFileName(path))))
        .Distinct()
        .ToLookup(use => use.hash, use => use.file);

    // Pictures that were set aside, and answers that a batch has not saved yet, have sidecars too.
    private static IEnumerable<string> Namers(string folder)
    {
        string store = Path.Combine(folder, BlobStore.FolderName);
        string[] all = [folder, Path.Combine(store, BlobStore.ReplacedFolder), new BlobStore(folder).TemporaryFolder];
        return all.Where(Directory.Exists);
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return Disk.HasNoBytes(path) ? [] : File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private static IEnumerable<FileInfo> LeftBehind(BlobStore store)
    {
        var folder = new DirectoryInfo(store.TemporaryFolder);
        // An answer that a batch has not saved yet was paid for, so it is kept at any age.
        return folder.Exists
            ? folder.EnumerateFiles().Where(file => file.Exists && file.LastWriteTimeUtc < DateTime.UtcNow - Abandoned
                && !file.Name.StartsWith(ItemSaver.StagedPrefix, StringComparison.Ordinal))
            : [];
    }

    [GeneratedRegex(@"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")]
    private static partial Regex Hash();
}
