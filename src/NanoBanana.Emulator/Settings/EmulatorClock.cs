namespace NanoBanana.Emulator.Settings;

/// <summary>A clock that follows another one and can be advanced.</summary>
internal sealed class EmulatorClock(TimeProvider inner) : TimeProvider
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365 * 1000);
    private long _aheadTicks;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or leads beyond a thousand
    /// years.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time,
            Furthest - TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks)));
        Interlocked.Add(ref _aheadTicks, time.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
