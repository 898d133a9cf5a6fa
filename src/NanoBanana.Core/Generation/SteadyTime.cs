namespace NanoBanana.Generation;

/// <summary>A clock for waits: it starts at the time of another clock and advances evenly, even when that clock is
/// changed.</summary>
/// <param name="inner">The clock of the system, or of a test.</param>
internal sealed class SteadyTime(TimeProvider inner) : TimeProvider
{
    private readonly DateTimeOffset _start = inner.GetUtcNow();
    private readonly long _started = inner.GetTimestamp();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _start + inner.GetElapsedTime(_started);

    public override long GetTimestamp() => inner.GetTimestamp();
}
