namespace NanoBanana.Generation;

/// <summary>USD set aside for one call that may be billed, until it is known what it cost.</summary>
public sealed class Reservation
{
    private readonly Budget _budget;
    private bool _isSettled;

    internal Reservation(Budget budget, decimal amount)
    {
        _budget = budget;
        Amount = amount;
    }

    /// <summary>USD.</summary>
    public decimal Amount { get; }

    /// <summary>Replaces what was set aside by what the call cost; only the first time counts.</summary>
    /// <param name="cost">USD, 0 for a call that was not carried out; null when unknown: all of it then counts as
    /// gone.</param>
    public void Settle(decimal? cost)
    {
        if (_isSettled) return;
        _isSettled = true;
        _budget.Settle(Amount, cost);
    }
}
