using NanoBanana.Models;

namespace NanoBanana.Generation;

/// <summary>Money that may be spent: the highest cost of a call is set aside before it is made, and replaced by its
/// actual cost afterwards. Thread-safe.</summary>
/// <remarks>
/// The cost of an answer depends on how long the model thinks. A call therefore has two amounts: its usual highest
/// cost, and its cost when the model thinks as long as it can. Calls run in parallel only while the second amount fits
/// for all of them; after that, one call at a time is made while the first amount fits. Only that last call can pass
/// the limit, when its answer thinks far longer than any before it, or an answer that is longer than the model's own
/// limit.
/// </remarks>
/// <param name="limit">USD; null for no limit.</param>
/// <param name="allowance">The allowance shared with other work of the connection; null for none.</param>
public sealed class Budget(decimal? limit, Allowance? allowance = null)
{
    // Words and thoughts of an answer usually cost less than this.
    private const int UsualTokens = 4096;

    // The documented limit of the current models, for models whose limit the catalog does not know.
    private const int DefaultMostTokens = 32_768;

    // Answers have exceeded the documented limit, so twice as much is set aside until an answer has shown the model's
    // real use.
    private const decimal SeenMargin = 1.25m;
    private const decimal UnseenMargin = 2.5m;

    // The next answer is assumed to cost at most half as much again as the most expensive so far.
    private const decimal Growth = 1.5m;

    private readonly object _lock = new();
    private readonly Dictionary<string, decimal> _worstExtra = new(StringComparer.Ordinal);
    private decimal _spent;
    private decimal _uncertain;
    private decimal _reserved;
    private int _inFlight;

    /// <summary>USD that may be spent; null for no limit.</summary>
    public decimal? Limit => limit ?? allowance?.Limit;

    /// <summary>USD spent so far, from the service's token counts.</summary>
    public decimal Spent
    {
        get { lock (_lock) return _spent; }
    }

    /// <summary>USD spent, set aside for calls in flight, and set aside for calls whose cost is never known.</summary>
    public decimal Committed
    {
        get { lock (_lock) return _spent + _uncertain + _reserved; }
    }

    /// <summary>USD that may still be set aside, 0 or more, within this limit and the allowance; null when neither has
    /// a limit.</summary>
    public decimal? Left
    {
        get
        {
            lock (_lock)
            {
                decimal? own = limit is { } most ? Math.Max(0, most - _spent - _uncertain - _reserved) : null;
                return allowance?.Left is { } shared ? Math.Min(shared, own ?? shared) : own;
            }
        }
    }

    /// <summary>Number of calls with money set aside.</summary>
    public int InFlight
    {
        get { lock (_lock) return _inFlight; }
    }

    /// <summary>USD that a call usually costs at most, based on earlier answers of the model in this budget.</summary>
    /// <param name="estimate">USD, without the answer's words and thoughts; null when unknown.</param>
    /// <param name="model">The model.</param>
    /// <param name="priceFactor">Share of the live price that is paid.</param>
    public decimal UsualCost(decimal? estimate, ModelInfo model, decimal priceFactor = 1)
    {
        lock (_lock)
        {
            // The estimate includes the usual thoughts already.
            int beyond = Math.Max(0, UsualTokens - model.Thinking.TokensAt(null));
            return (estimate ?? 0) + Math.Max(TokenCost(beyond, model), Growth * Worst(model)) * priceFactor;
        }
    }

    /// <summary>USD that a call costs when the model thinks as long as it can.</summary>
    /// <inheritdoc cref="UsualCost"/>
    internal decimal MostCost(decimal? estimate, ModelInfo model, decimal priceFactor = 1)
    {
        lock (_lock)
        {
            decimal margin = _worstExtra.ContainsKey(model.Id) ? SeenMargin : UnseenMargin;
            decimal most = TokenCost(model.MaxOutputTokens ?? DefaultMostTokens, model) * margin;
            return (estimate ?? 0) + Math.Max(most, Growth * Worst(model)) * priceFactor;
        }
    }

    /// <summary>Whether an answer of the model has shown its actual cost.</summary>
    internal bool HasSeen(ModelInfo model)
    {
        lock (_lock) return _worstExtra.ContainsKey(model.Id);
    }

    /// <summary>Sets money aside for a call.</summary>
    /// <param name="estimate">USD, without the answer's words and thoughts; null when unknown.</param>
    /// <param name="model">The model.</param>
    /// <returns>Null when the call must wait until another has ended or, with none in flight, when it does not fit at
    /// all.</returns>
    public Reservation? TryReserve(decimal? estimate, ModelInfo model)
    {
        decimal usual = UsualCost(estimate, model);
        if (Limit is null) return Reserve(usual, usual);
        lock (_lock)
        {
            decimal worst = MostCost(estimate, model);
            // Asked again where others took some of it meanwhile.
            for (decimal left = Left!.Value; worst <= left || (_inFlight == 0 && usual <= left); left = Left!.Value)
            {
                // For the only call in flight, all remaining money is set aside.
                if (Reserve(Math.Min(worst, left), usual) is { } reservation) return reservation;
            }
            return null;
        }
    }

    /// <summary>Sets money aside for one request of a job. Many requests even out: once answers of the model were seen,
    /// the usual highest cost is enough for each.</summary>
    /// <inheritdoc cref="UsualCost"/>
    /// <returns>Null when it must wait until others have ended or, with none in flight, when it does not fit at
    /// all.</returns>
    internal Reservation? TryReserveInJob(decimal? estimate, ModelInfo model, decimal priceFactor)
    {
        decimal usual = UsualCost(estimate, model, priceFactor);
        lock (_lock)
        {
            decimal? left = Left;
            if (usual > left) return null;
            if (left is null || HasSeen(model)) return Reserve(usual, usual);
            decimal worst = MostCost(estimate, model, priceFactor);
            return (worst <= left ? Reserve(worst, usual) : null) ?? (_inFlight == 0 ? Reserve(usual, usual) : null);
        }
    }

    /// <summary>Sets an amount aside for work that keeps a budget of its own, such as a batch.</summary>
    /// <param name="amount">USD.</param>
    /// <returns>Null when not enough is left.</returns>
    public Reservation? TryReserve(decimal amount)
    {
        lock (_lock)
        {
            return amount > Left ? null : Reserve(amount, amount);
        }
    }

    /// <summary>Records a call that costs nothing, because its answer was paid for before.</summary>
    public Reservation ReserveNothing() => Reserve(0, 0)!;

    /// <summary>Records what an answer cost beyond its estimate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="extra">USD at the live price.</param>
    internal void Learn(ModelInfo model, decimal extra)
    {
        lock (_lock) _worstExtra[model.Id] = Math.Max(extra, Worst(model));
    }

    internal void Settle(decimal reserved, AllowanceShare? share, decimal? cost)
    {
        lock (_lock)
        {
            _reserved -= reserved;
            _inFlight--;
            if (cost is { } known) _spent += known;
            else _uncertain += reserved;
        }
        if (share is not null) allowance!.Settle(share, cost ?? reserved);
    }

    private static decimal TokenCost(int tokens, ModelInfo model) =>
        tokens * (model.Prices?.TextOutPerMillion ?? 0) / 1_000_000m;

    private decimal Worst(ModelInfo model) => _worstExtra.GetValueOrDefault(model.Id);

    /// <summary>The error for a call that does not fit its own limit or that of the connection.</summary>
    /// <param name="name">What was to be made.</param>
    /// <param name="needed">USD it usually costs at most.</param>
    internal NbException Refusal(string name, decimal needed)
    {
        bool isOwn = limit is { } most && needed > most - Committed;
        return isOwn || allowance is not { Limit: not null }
            ? GenerationErrors.OverBudget(name, needed, Committed, limit ?? 0)
            : GenerationErrors.OverAllowance(name, needed, allowance);
    }

    // Null when other work of the connection took the money first.
    private Reservation? Reserve(decimal amount, decimal usual)
    {
        AllowanceShare? share = allowance?.TryTake(amount, usual);
        if (allowance is not null && share is null) return null;
        lock (_lock)
        {
            _reserved += amount;
            _inFlight++;
        }
        return new Reservation(this, amount, share);
    }
}
