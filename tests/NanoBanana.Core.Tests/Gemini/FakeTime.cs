namespace NanoBanana.Tests.Gemini;

/// <summary>A clock whose short timers fire at once and move it on, and whose long ones fire only when told
/// to.</summary>
internal sealed class FakeTime(TimeSpan longest) : TimeProvider
{
    private readonly TimeSpan _longest = longest;
    private readonly List<FakeTimer> _waiting = [];
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The waits that fired by themselves, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets every long timer fire.</summary>
    public void FireTimeouts()
    {
        FakeTimer[] waiting;
        lock (_waiting) waiting = [.. _waiting];
        foreach (FakeTimer timer in waiting) timer.Fire();
    }

    private sealed class FakeTimer(FakeTime time, Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._waiting) time._waiting.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            if (dueTime >= time._longest)
            {
                lock (time._waiting) time._waiting.Add(this);
                return true;
            }
            time.Waits.Add(dueTime);
            time._now += dueTime;
            ThreadPool.QueueUserWorkItem(_ => fire());
            return true;
        }

        public void Dispose()
        {
            lock (time._waiting) time._waiting.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
