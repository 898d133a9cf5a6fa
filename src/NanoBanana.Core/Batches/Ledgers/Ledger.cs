using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>The append-only record of a batch. Thread-safe, for one process at a time (see
/// <see cref="BatchLock"/>).</summary>
internal sealed class Ledger : IDisposable
{
    /// <summary>Name of the whole batch's ledger; a shard has its number in it.</summary>
    public const string FileName = "ledger.jsonl";

    /// <summary>Name of a shard's ledger, or of the whole batch's.</summary>
    public static string NameOf(Shard? shard) => shard is null ? FileName : $"ledger-{shard.Suffix}.jsonl";

    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly object _gate = new();
    private readonly SharedTurn _flush = new();
    private bool _isRehearsal;
    private DateTimeOffset _last;

    private Ledger(FileStream stream, TimeProvider time, DateTimeOffset last)
    {
        _stream = stream;
        _time = time;
        _last = last;
    }

    /// <summary>Opens a ledger to append to it; a line left incomplete by a crash is removed.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="time">The clock.</param>
    /// <param name="after">The time of the newest line in any ledger.</param>
    /// <param name="isRehearsal">Whether added lines belong to a rehearsal.</param>
    /// <exception cref="NbException">It cannot be opened, or a newer version wrote it.</exception>
    public static Ledger Open(string path, TimeProvider time, DateTimeOffset after, bool isRehearsal = false)
    {
        LedgerFile file = LedgerFile.ReadExtent(path);
        if (!file.IsOurs) throw FileErrors.Foreign(path);
        FileStream? stream = null;
        try
        {
            // Unbuffered: when Write returns, the system has the line, and it survives the end of this process.
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            if (stream.Length != file.GoodLength) stream.SetLength(file.GoodLength);
            stream.Position = file.GoodLength;
            if (file.MissesLineBreak) stream.WriteByte((byte)'\n');
            if (stream.Position == 0) stream.Write(LedgerLine.Head(time.GetUtcNow()));
            Disk.Flush(stream);
            Disk.FlushFolder(Path.GetDirectoryName(path)!);
            return new Ledger(stream, time, after) { _isRehearsal = isRehearsal };
        }
        catch (Exception e) when (Disk.IsRefusal(e) || e is NotSupportedException)
        {
            // A pipe with this name has no length and throws NotSupportedException.
            stream?.Dispose();
            throw BatchErrors.LedgerUnwritable(path, e);
        }
    }

    /// <summary>Whether a destination has ledgers of shards.</summary>
    public static bool IsSplit(string destination) => PartsIn(destination).Length > 0;

    private static string[] PartsIn(string destination) =>
        [.. LedgerFile.AllIn(destination).Where(path => Path.GetFileName(path) != FileName)];

    /// <summary>Joins the ledgers of shards into the one of the whole batch.</summary>
    /// <param name="destination">Full path of the batch's folder; no other process may work on it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>How many ledgers there were beside the whole batch's own.</returns>
    /// <exception cref="NbException">A ledger cannot be read or written.</exception>
    public static int Merge(string destination, TimeProvider time)
    {
        string whole = Path.Combine(destination, FileName);
        string[] parts = PartsIn(destination);
        if (parts.Length == 0) return 0;
        LedgerFile all = LedgerFile.ReadAll(destination);
        try
        {
            AtomicFile.Write(whole, new BlobStore(destination).TemporaryFolder, overwrite: true, stream =>
            {
                stream.Write(LedgerLine.Head(time.GetUtcNow()));
                foreach (LedgerEvent line in all.Events) stream.Write(LedgerLine.Of(line));
            });
            foreach (string part in parts.Where(part => LedgerFile.ReadExtent(part).IsOurs)) File.Delete(part);
            return parts.Length;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw BatchErrors.LedgerUnwritable(whole, e);
        }
    }

    /// <summary>The time for new lines: never earlier than a line already written, even if the clock was set
    /// back.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                DateTimeOffset now = _time.GetUtcNow();
                return now < _last ? _last : now;
            }
        }
    }

    /// <summary>Adds a line. When this returns after <paramref name="flush"/>, it survives a power cut.</summary>
    /// <exception cref="NbException">The line could not be written; then no part of it is left.</exception>
    public void Append(LedgerEvent line, bool flush = true)
    {
        long end;
        int length;
        lock (_gate)
        {
            DateTimeOffset now = Now;
            byte[] bytes = LedgerLine.Of(line with { At = now, IsRehearsal = _isRehearsal });
            length = bytes.Length;
            long start = _stream.Position;
            try
            {
                _stream.Write(bytes);
                _last = now;
                if (!File.Exists(_stream.Name)) throw new IOException("It was deleted or moved while the batch ran.");
            }
            catch (Exception e) when (e is ObjectDisposedException || Disk.IsRefusal(e))
            {
                CutBackTo(start);
                throw BatchErrors.LedgerUnwritable(_stream.Name, e);
            }
            end = _stream.Position;
        }
        if (!flush) return;
        try
        {
            Flush();
        }
        catch (NbException)
        {
            // A request is not sent if its line is not on disk. If other lines follow it, the line stays, and the item
            // counts as uncertain.
            lock (_gate)
            {
                if (_stream.CanWrite && _stream.Position == end) CutBackTo(end - length);
            }
            throw;
        }
    }

    /// <summary>Flushes every line that was added without a flush to disk.</summary>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public void Flush()
    {
        try
        {
            // Many requests are sent at the same time, and one flush serves them all.
            _flush.Run(() => Disk.Flush(_stream));
        }
        catch (Exception e) when (e is ObjectDisposedException || Disk.IsRefusal(e))
        {
            throw BatchErrors.LedgerUnwritable(_stream.Name, e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private void CutBackTo(long length)
    {
        try
        {
            _stream.SetLength(length);
            _stream.Position = length;
        }
        catch (Exception e) when (e is ObjectDisposedException || Disk.IsRefusal(e))
        {
            // The incomplete line is removed when the ledger is opened next.
        }
    }
}
