namespace NanoBanana.Emulator.Journal;

/// <summary>What the emulator received, oldest first. Safe to read while requests run.</summary>
public sealed class EmulatorJournal
{
    // Characters of bodies in all: limited, so that days of large requests do not use up the memory.
    private const long MaxTextLength = 64L * 1024 * 1024;
    private readonly object _lock = new();
    private readonly Queue<JournalEntry> _entries = new();
    private readonly List<(Func<JournalEntry, bool> Fits, TaskCompletionSource<JournalEntry> Found)> _waiting = [];
    private readonly int _capacity;
    private int _count;

    internal EmulatorJournal(int capacity) => _capacity = capacity;

    /// <summary>A snapshot of what is remembered.</summary>
    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_lock) return _entries.ToArray();
        }
    }

    /// <summary>Removes all entries; their numbers continue.</summary>
    public void Clear()
    {
        lock (_lock) _entries.Clear();
    }

    /// <summary>Waits for a matching entry, including past ones. Checked when a request arrives and when it is
    /// answered.</summary>
    public async Task<JournalEntry> WaitForAsync(Func<JournalEntry, bool> fits,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fits);
        TaskCompletionSource<JournalEntry> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_entries.FirstOrDefault(fits) is { } past) return past;
            _waiting.Add((fits, found));
        }

        return await found.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal JournalEntry Add(Func<int, JournalEntry> create)
    {
        JournalEntry entry;
        lock (_lock)
        {
            entry = create(++_count);
            _entries.Enqueue(entry);
            long text = _entries.Sum(known => (long)(known.Body?.Length ?? 0));
            while (_entries.Count > _capacity || (text > MaxTextLength && _entries.Count > 1))
            {
                text -= _entries.Dequeue().Body?.Length ?? 0;
            }
        }

        Changed(entry);
        return entry;
    }

    internal void Changed(JournalEntry entry)
    {
        lock (_lock)
        {
            foreach ((Func<JournalEntry, bool> fits, TaskCompletionSource<JournalEntry> found) in _waiting.ToArray())
            {
                if (fits(entry) && found.TrySetResult(entry)) _waiting.RemoveAll(waiting => waiting.Found == found);
            }
        }
    }
}
