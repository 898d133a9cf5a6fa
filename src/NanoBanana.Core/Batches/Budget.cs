namespace NanoBanana.Batches;

/// <summary>Money that may be spent: an estimate is reserved before a call and settled with its true cost after. Safe for many threads.</summary>
/// <param name="limit">USD; null for no limit.</param>
public sealed class Budget(decimal? limit)
{
    private readonly object _lock = new();
    private decimal _spent;
    private decimal _reserved;

    /// <summary>USD that may be spent; null for no limit.</summary>
    public decimal? Limit => limit;

    /// <summary>USD spent so far.</summary>
    public decimal Spent
    {
        get { lock (_lock) return _spent; }
    }

    /// <summary>USD spent, and expected of what is in the air.</summary>
    public decimal Committed
    {
        get { lock (_lock) return _spent + _reserved; }
    }

    /// <summary>Sets money aside for a call, unless that would pass the limit.</summary>
    public bool TryReserve(decimal estimate)
    {
        lock (_lock)
        {
            if (_spent + _reserved + estimate > limit) return false;
            _reserved += estimate;
            return true;
        }
    }

    /// <summary>Replaces what was reserved by what it cost.</summary>
    public void Settle(decimal estimate, decimal cost)
    {
        lock (_lock)
        {
            _reserved -= estimate;
            _spent += cost;
        }
    }
}
