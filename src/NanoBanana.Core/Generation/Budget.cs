using NanoBanana.Models;

namespace NanoBanana.Generation;

/// <summary>Money that may be spent: an estimate is reserved before a call and settled with its true cost after. Safe for many threads.</summary>
/// <param name="limit">USD; null for no limit.</param>
public sealed class Budget(decimal? limit)
{
    // An estimate covers the picture and what is sent. Words and thoughts of the answer come on top; as many tokens are set aside for them.
    private const int AnswerTokens = 4096;

    private readonly object _lock = new();
    private readonly Dictionary<string, decimal> _worstExtra = new(StringComparer.Ordinal);
    private decimal _spent;
    private decimal _reserved;
    private int _inAir;

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

    /// <summary>Calls that money is set aside for.</summary>
    public int InAir
    {
        get { lock (_lock) return _inAir; }
    }

    /// <summary>Sets money aside for a call, unless that would pass the limit.</summary>
    public bool TryReserve(decimal estimate)
    {
        lock (_lock)
        {
            if (_spent + _reserved + estimate > limit) return false;
            _reserved += estimate;
            _inAir++;
            return true;
        }
    }

    /// <summary>The most a call may cost: what to reserve, so that the limit is not passed even when the model thinks long.</summary>
    /// <param name="estimate">USD, without the answer's words and thoughts; null when unknown.</param>
    /// <param name="model">The model.</param>
    /// <param name="priceFactor">Share of the live price that is paid.</param>
    public decimal BoundFor(decimal? estimate, ModelInfo model, decimal priceFactor = 1)
    {
        decimal extra = AnswerTokens * (model.Prices?.TextOutPerMillion ?? 0) / 1_000_000m * priceFactor;
        // Where the service turned out dearer than that, its dearest answer is believed, and half as much again.
        lock (_lock) extra = Math.Max(extra, _worstExtra.GetValueOrDefault(model.Id) * 1.5m);
        return (estimate ?? 0) + extra;
    }

    /// <summary>Learns what an answer cost beyond its estimate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="extra">USD.</param>
    public void Learn(ModelInfo model, decimal extra)
    {
        lock (_lock) _worstExtra[model.Id] = Math.Max(extra, _worstExtra.GetValueOrDefault(model.Id));
    }

    /// <summary>Replaces what was reserved by what it cost.</summary>
    public void Settle(decimal estimate, decimal cost)
    {
        lock (_lock)
        {
            _reserved -= estimate;
            _inAir--;
            _spent += cost;
        }
    }
}
