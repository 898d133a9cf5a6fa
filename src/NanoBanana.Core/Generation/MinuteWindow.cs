namespace NanoBanana.Generation;

/// <summary>Keeps a sum within any minute at or below a limit.</summary>
/// <param name="limit">Null for no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class MinuteWindow(decimal? limit, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset At, decimal Amount)> _entries = new();
    private decimal _sum;

    /// <summary>How long to wait until an amount fits; zero when it fits now. An amount above the limit waits for an
    /// empty window.</summary>
    public TimeSpan WaitFor(decimal amount)
    {
        if (limit is not { } most) return TimeSpan.Zero;
        DateTimeOffset now = time.GetUtcNow();
        while (_entries.TryPeek(out var oldest) && now - oldest.At >= Minute) _sum -= _entries.Dequeue().Amount;
        decimal left = _sum;
        foreach ((DateTimeOffset at, decimal gone) in _entries)
        {
            if (left + amount <= most) return TimeSpan.Zero;
            left -= gone;
            if (left + amount <= most || left <= 0) return at + Minute - now;
        }
        return TimeSpan.Zero;
    }

    public void Add(decimal amount)
    {
        if (limit is null) return;
        _entries.Enqueue((time.GetUtcNow(), amount));
        _sum += amount;
    }
}
