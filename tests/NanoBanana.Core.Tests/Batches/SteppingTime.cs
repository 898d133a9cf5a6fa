namespace NanoBanana.Tests.Batches;

/// <summary>A clock that every wait moves on.</summary>
internal sealed class SteppingTime(Action<TimeSpan>? moved = null, TimeSpan ahead = default) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow() + ahead;
    private TimeSpan _passed;

    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + _passed;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan) return System.CreateTimer(callback, state, dueTime, period);
        Waits.Add(dueTime);
        _passed += dueTime;
        moved?.Invoke(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
