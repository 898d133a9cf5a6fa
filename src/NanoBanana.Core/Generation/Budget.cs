using NanoBanana.Models;

namespace NanoBanana.Generation;

/// <summary>Money that may be spent: the most a call may cost is set aside before it is made, and replaced by its cost
/// after. Safe for many threads.</summary>
/// <remarks>
/// What an answer costs beyond its picture, the model decides while it thinks. So two amounts are known of a call: what
/// it usually costs at most,
/// and what it costs when the model thinks as long as it can. Calls run side by side only while the second fits for all
/// of them; what is left
/// after that is spent by one call at a time, while the first fits. The limit can be passed only by that last call
/// alone, by one answer that
/// thinks far longer than any before it, or by an answer longer than the model's own limit.
/// </remarks>
/// <param name="limit">USD; null for no limit.</param>
/// <param name="allowance">What other work of the connection spends of too; null for nothing.</param>
public sealed class Budget(decimal? limit, Allowance? allowance = null)
{
    // What words and thoughts of an answer usually stay below.
    private const int UsualTokens = 4096;

    // The documented limit of the current models, for models whose limit the catalog does not know.
    private const int DefaultMostTokens = 32_768;

    // The documented limit was passed before. Until an answer has shown what a model does, twice as much is set aside.
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

    /// <summary>USD spent so far, by the service's own count.</summary>
    public decimal Spent
    {
        get { lock (_lock) return _spent; }
    }

    /// <summary>USD spent, set aside for calls in flight, and set aside for calls whose cost stays unknown.</summary>
    public decimal Committed
    {
        get { lock (_lock) return _spent + _uncertain + _reserved; }
    }

    /// <summary>USD that may still be set aside, 0 or more, within this limit and the allowance; null where neither has
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

    /// <summary>Calls that money is set aside for.</summary>
    public int InFlight
    {
        get { lock (_lock) return _inFlight; }
    }

    /// <summary>USD that a call usually costs at most, by what this budget has seen of the model.</summary>
    /// <param name="estimate">USD, without the answer's words and thoughts; null when unknown.</param>
    /// <param name="model">The model.</param>
    /// <param name="priceFactor">Share of the live price that is paid.</param>
    public decimal UsualCost(decimal? estimate, ModelInfo model, decimal priceFactor = 1)
    {
        lock (_lock)
        {
            // The estimate holds the usual thoughts already.
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

    /// <summary>Whether an answer of a model has shown what it costs.</summary>
    internal bool HasSeen(ModelInfo model)
    {
        lock (_lock) return _worstExtra.ContainsKey(model.Id);
    }

    /// <summary>Sets money aside for a call.</summary>
    /// <param name="estimate">USD, without the answer's words and thoughts; null when unknown.</param>
    /// <param name="model">The model.</param>
    /// <returns>Null when the call must wait until another has ended, or does not fit at all when none is in
    /// flight.</returns>
    public Reservation? TryReserve(decimal? estimate, ModelInfo model)
    {
        decimal usual = UsualCost(estimate, model);
        if (Limit is null) return Reserve(usual);
        lock (_lock)
        {
            decimal left = Left!.Value;
            decimal worst = MostCost(estimate, model);
            if (worst <= left) return Reserve(worst);
            // The only call in flight: all that is left is set aside.
            return _inFlight == 0 && usual <= left ? Reserve(left) : null;
        }
    }

    /// <summary>Sets money aside for one request of a job. Many stand together there: once answers of the model were
    /// seen, what it usually costs at most will do for each.</summary>
    /// <inheritdoc cref="UsualCost"/>
    /// <returns>Null when it must wait until others have ended, or does not fit at all when none is in
    /// flight.</returns>
    internal Reservation? TryReserveInJob(decimal? estimate, ModelInfo model, decimal priceFactor)
    {
        decimal usual = UsualCost(estimate, model, priceFactor);
        lock (_lock)
        {
            decimal? left = Left;
            if (usual > left) return null;
            if (left is null || HasSeen(model)) return Reserve(usual);
            decimal worst = MostCost(estimate, model, priceFactor);
            return worst <= left ? Reserve(worst) : _inFlight == 0 ? Reserve(usual) : null;
        }
    }

    /// <summary>Sets an amount aside for work that keeps a budget of its own, such as a batch.</summary>
    /// <param name="amount">USD.</param>
    /// <returns>Null when so much is not left.</returns>
    public Reservation? TryReserve(decimal amount)
    {
        lock (_lock)
        {
            return amount > Left ? null : Reserve(amount);
        }
    }

    /// <summary>Notes a call that costs nothing more: its answer was paid for before.</summary>
    public Reservation ReserveNothing() => Reserve(0)!;

    /// <summary>Learns what an answer cost beyond its estimate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="extra">USD at the live price.</param>
    internal void Learn(ModelInfo model, decimal extra)
    {
        lock (_lock) _worstExtra[model.Id] = Math.Max(extra, Worst(model));
    }

    internal void Settle(decimal reserved, decimal? cost)
    {
        lock (_lock)
        {
            _reserved -= reserved;
            _inFlight--;
            if (cost is { } known) _spent += known;
            else _uncertain += reserved;
        }
        allowance?.Settle(reserved, cost ?? reserved);
    }

    private static decimal TokenCost(int tokens, ModelInfo model) =>
        tokens * (model.Prices?.TextOutPerMillion ?? 0) / 1_000_000m;

    private decimal Worst(ModelInfo model) => _worstExtra.GetValueOrDefault(model.Id);

    /// <summary>Why a call does not fit: its own limit, or that of the connection.</summary>
    /// <param name="name">What was to be made.</param>
    /// <param name="needed">USD it usually costs at most.</param>
    internal NbException Refusal(string name, decimal needed)
    {
        bool isOwn = limit is { } most && needed > most - Committed;
        return isOwn || allowance is not { Limit: not null }
            ? GenerationErrors.OverBudget(name, needed, Committed, limit ?? 0)
            : GenerationErrors.OverAllowance(name, needed, allowance);
    }

    // Null where other work of the connection was faster.
    private Reservation? Reserve(decimal amount)
    {
        if (allowance is not null && !allowance.TryTake(amount)) return null;
        lock (_lock)
        {
            _reserved += amount;
            _inFlight++;
        }
        return new Reservation(this, amount);
    }
}
