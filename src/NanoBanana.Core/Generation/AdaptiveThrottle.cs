namespace NanoBanana.Generation;

/// <summary>How many requests may be in flight: halved when the service says it is too much, and one more after every
/// round that went well.</summary>
/// <param name="most">Never more than this.</param>
/// <param name="time">The clock.</param>
internal sealed class AdaptiveThrottle(int most, TimeProvider time)
{
    private readonly object _gate = new();
    private double _limit = most;
    private DateTimeOffset _lastCut = DateTimeOffset.MinValue;

    /// <summary>The time, as <see cref="OnLimited"/> wants it.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public int Limit
    {
        get
        {
            lock (_gate) return Math.Max(1, (int)_limit);
        }
    }

    /// <summary>The service refused a request as one too many.</summary>
    /// <param name="begun">When that request was begun: those begun before the last cut tell nothing new.</param>
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
