namespace NanoBanana.Generation;

/// <summary>Limits how many requests may be in flight: the limit is halved when the service refuses one as too many,
/// and grows by one after every successful round.</summary>
/// <param name="most">The highest limit.</param>
/// <param name="time">The clock.</param>
internal sealed class AdaptiveThrottle(int most, TimeProvider time)
{
    private readonly object _gate = new();
    private double _limit = most;
    private DateTimeOffset _lastCut = DateTimeOffset.MinValue;

    /// <summary>The current time, to pass to <see cref="OnLimited"/>.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public int Limit
    {
        get
        {
            lock (_gate) return Math.Max(1, (int)_limit);
        }
    }

    /// <summary>Records that the service refused a request as one too many.</summary>
    /// <param name="begun">When that request was begun: refusals of requests begun before the last cut are
    /// ignored.</param>
    public void OnLimited(DateTimeOffset begun)
    {
        lock (_gate)
        {
            if (begun < _lastCut) return;
            _lastCut = time.GetUtcNow();
            _limit = Math.Max(1, _limit / 2);
        }
    }

    public void OnAnswered()
    {
        lock (_gate) _limit = Math.Min(most, _limit + 1 / _limit);
    }
}
