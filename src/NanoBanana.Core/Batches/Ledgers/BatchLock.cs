using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>Reserves a destination for one process. The system ties the lock to an open file, so a crash leaves none
/// behind.</summary>
internal sealed class BatchLock : IDisposable
{
    // IsHeld opens the file briefly; that must not make another process's Lock fail.
    private const int Attempts = 5;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _whole;
    private readonly FileStream? _shard;

    private BatchLock(FileStream whole, FileStream? shard)
    {
        _whole = whole;
        _shard = shard;
    }

    /// <summary>Locks a destination, or one shard's part of it. Shards may hold it together; a process that works on
    /// the whole batch holds it alone.</summary>
    /// <exception cref="NbException">Another process holds it, or the folder cannot be written.</exception>
    public static BatchLock Take(string destination, Shard? shard)
    {
        string folder = Path.Combine(destination, BlobStore.FolderName);
        try
        {
            Disk.CreateFolder(folder);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(destination, e);
        }
        FileStream whole = Open(Path.Combine(folder, "batch.lock"), isShared: shard is not null, destination);
        try
        {
            return new BatchLock(whole, shard is null ? null
                : Open(Path.Combine(folder, $"batch-{shard.Suffix}.lock"), isShared: false, destination));
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Whether a process holds a destination or a shard's part of it.</summary>
    public static bool IsHeld(string destination)
    {
        string folder = Path.Combine(destination, BlobStore.FolderName);
        return Directory.Exists(folder) && Directory.GetFiles(folder, "batch*.lock").Any(IsOpen);
    }

    public void Dispose()
    {
        // The files are not removed: another process could still lock a file it opened before.
        _shard?.Dispose();
        _whole.Dispose();
    }

    private static FileStream Open(string path, bool isShared, string destination)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (isShared && !File.Exists(path)) CreateEmpty(path);
                return isShared
                    ? Disk.OpenLock(path, FileMode.Open, FileAccess.Read, FileShare.Read)
                    : Disk.OpenLock(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException e)
            {
                throw FileErrors.Unwritable(path, e);
            }
            catch (IOException e) when (FileSharing.IsViolation(e))
            {
                if (attempt == Attempts) throw BatchErrors.Locked(destination, e);
                Thread.Sleep(Moment);
            }
            catch (IOException e)
            {
                throw FileErrors.Unwritable(path, e);
            }
        }
    }

    private static bool IsOpen(string path)
    {
        try
        {
            Disk.OpenLock(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            return e is IOException refusal && FileSharing.IsViolation(refusal);
        }
    }

    private static void CreateEmpty(string path)
    {
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }
}
