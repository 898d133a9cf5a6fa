namespace NanoBanana.Batches.Ledgers;

/// <summary>The clock of a run: never earlier than the last line of its ledger, even if the system's clock is set
/// back.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="inner">The underlying clock.</param>
internal sealed class LedgerTime(Ledger ledger, TimeProvider inner) : TimeProvider
{
    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => ledger.Now;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
