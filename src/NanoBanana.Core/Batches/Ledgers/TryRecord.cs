namespace NanoBanana.Batches.Ledgers;

/// <summary>What the ledger knows about one try at a picture.</summary>
/// <param name="number">Its number, from 1.</param>
internal sealed class TryRecord(int number)
{
    public int Number => number;

    /// <summary>Whether an answer came.</summary>
    public bool IsReceived { get; set; }

    /// <summary>USD of the answer; null when unknown, or while there is none.</summary>
    public decimal? Cost { get; set; }

    /// <summary>The error of an answer without a picture that another try may cure; null when a picture came.</summary>
    public LedgerEvent? Without { get; set; }

    /// <summary>The model's own picture.</summary>
    public LedgerEvent? Made { get; set; }

    /// <summary>The picture composed from it; null for none.</summary>
    public LedgerEvent? Composed { get; set; }

    /// <summary>Its check; null when it was not checked.</summary>
    public LedgerEvent? Judged { get; set; }

    /// <summary>The picture that represents the try.</summary>
    public LedgerEvent? Shown => Composed ?? Made;
}
