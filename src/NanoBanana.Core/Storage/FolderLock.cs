using System.Collections.Concurrent;

namespace NanoBanana.Storage;

/// <summary>A lock on a folder, shared by the processes of this machine: many may add files at once, or one may remove
/// some.</summary>
/// <remarks>It is an open file, so it ends with its process in any case. A batch also holds a lock of its own on its
/// destination (BatchLock).</remarks>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    // Threads of this process queue here instead of polling.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> NamingTurns = new(StringComparer.Ordinal);

    private readonly FileStream _file;
    private readonly SemaphoreSlim? _turn;

    private FolderLock(FileStream file, SemaphoreSlim? turn)
    {
        _file = file;
        _turn = turn;
    }

    /// <summary>Locks the folder to add files and the sidecars that refer to them: any number of holders at
    /// once.</summary>
    /// <exception cref="NbException">Another process removes files for longer than 30 s, or the folder cannot be
    /// written.</exception>
    public static FolderLock Shared(string folder) => Open(folder, "store.lock", FileAccess.Read, FileShare.Read);

    /// <summary>Locks the folder to remove unused files: a single holder.</summary>
    /// <exception cref="NbException">Others hold the folder for longer than 30 s, or it cannot be written.</exception>
    public static FolderLock Exclusive(string folder) =>
        Open(folder, "store.lock", FileAccess.ReadWrite, FileShare.None);

    /// <summary>Locks the folder to choose a free file name: one holder at a time, because a rename on Unix replaces a
    /// file that has just appeared.</summary>
    /// <exception cref="NbException">Others hold the folder for longer than 30 s, or it cannot be written.</exception>
    public static FolderLock Naming(string folder)
    {
        SemaphoreSlim turn = NamingTurns.GetOrAdd(folder, _ => new SemaphoreSlim(1));
        turn.Wait();
        try
        {
            return Open(folder, "names.lock", FileAccess.ReadWrite, FileShare.None, turn);
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _turn?.Release();
    }

    private static FolderLock Open(
        string folder, string name, FileAccess access, FileShare share, SemaphoreSlim? turn = null)
    {
        string path = Path.Combine(folder, BlobStore.FolderName, name);
        Inside.CheckStored(path);
        for (TimeSpan waited = TimeSpan.Zero; ; waited += PollInterval)
        {
            try
            {
                Disk.CreateFolder(Path.GetDirectoryName(path)!);
                return new FolderLock(Disk.OpenLock(path, FileMode.OpenOrCreate, access, share), turn);
            }
            catch (IOException e) when (FileSharing.IsViolation(e))
            {
                if (waited >= Timeout) throw FileErrors.FolderBusy(folder, e);
                Thread.Sleep(PollInterval);
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                throw FileErrors.Unwritable(path, e);
            }
        }
    }
}
