namespace NanoBanana.Batches.Ledgers;

/// <summary>What the ledger knows of one try at a picture.</summary>
/// <param name="number">Which it is, from 1.</param>
internal sealed class TryRecord(int number)
{
    public int Number => number;

    /// <summary>Whether an answer came.</summary>
    public bool IsReceived { get; set; }

    /// <summary>USD of the answer; null when unknown, or while there is none.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Why an answer without a picture may be followed by one with; null when a picture came.</summary>
    public LedgerEvent? Without { get; set; }

    /// <summary>The model's own picture.</summary>
    public LedgerEvent? Made { get; set; }

    /// <summary>The picture that was composed of it; null for none.</summary>
    public LedgerEvent? Composed { get; set; }

    /// <summary>What checking it found; null while it was not checked.</summary>
    public LedgerEvent? Judged { get; set; }

    /// <summary>The picture that stands for the try.</summary>
    public LedgerEvent? Shown => Composed ?? Made;
}
