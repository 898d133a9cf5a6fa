using NanoBanana.Conversations;

namespace NanoBanana.Batches;

/// <summary>Keeps a destination to one process: the system holds the lock on an open file, so no crash leaves one behind.</summary>
internal sealed class BatchLock : IDisposable
{
    private readonly FileStream _whole;
    private readonly FileStream? _shard;

    private BatchLock(FileStream whole, FileStream? shard)
    {
        _whole = whole;
        _shard = shard;
    }

    /// <summary>Locks a destination, or one shard's part of it: shards stand each other, but not a process that works on the whole.</summary>
    /// <exception cref="NbException">Another process holds it, or the folder cannot be written.</exception>
    public static BatchLock Take(string destination, Shard? shard)
    {
        string folder = Path.Combine(destination, BlobStore.FolderName);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NbErrors.FileUnwritable(destination, e);
        }
        FileStream whole = Open(Path.Combine(folder, "batch.lock"), isShared: shard is not null, destination);
        try
        {
            return new BatchLock(whole, shard is null ? null : Open(Path.Combine(folder, $"batch-{shard.Suffix}.lock"), isShared: false, destination));
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // The files stay: one that is removed could be locked by somebody who opened it before.
        _shard?.Dispose();
        _whole.Dispose();
    }

    private static FileStream Open(string path, bool isShared, string destination)
    {
        try
        {
            if (isShared && !File.Exists(path)) CreateEmpty(path);
            return isShared
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
                : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NbErrors.FileUnwritable(path, e);
        }
        catch (IOException e) when (FileSharing.IsViolation(e))
        {
            throw NbErrors.BatchLocked(destination, e);
        }
        catch (IOException e)
        {
            throw NbErrors.FileUnwritable(path, e);
        }
    }

    private static void CreateEmpty(string path)
    {
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }
}
