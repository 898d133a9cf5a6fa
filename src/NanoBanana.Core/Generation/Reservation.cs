namespace NanoBanana.Generation;

/// <summary>USD set aside for one call that may be billed, until its cost is known.</summary>
public sealed class Reservation
{
    private readonly Budget _budget;
    private readonly AllowanceShare? _share;
    private bool _isSettled;

    internal Reservation(Budget budget, decimal amount, AllowanceShare? share)
    {
        _budget = budget;
        _share = share;
        Amount = amount;
    }

    /// <summary>USD.</summary>
    public decimal Amount { get; }

    /// <summary>Replaces the amount set aside by the call's cost; only the first call has an effect.</summary>
    /// <param name="cost">USD, 0 for a call that was not carried out; null when unknown: the whole amount then counts
    /// as spent.</param>
    public void Settle(decimal? cost)
    {
        if (_isSettled) return;
        _isSettled = true;
        _budget.Settle(Amount, _share, cost);
    }
}
