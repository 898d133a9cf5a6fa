namespace NanoBanana.Batches;

/// <summary>What one model did cost in one folder on one day.</summary>
public sealed record UsageLine
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Full path of the batch's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>How it was sent.</summary>
    public required BatchMode Mode { get; init; }

    /// <summary>Answers that came, with a picture or without.</summary>
    public int Answers { get; init; }

    /// <summary>USD they were expected to cost.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>USD they did cost, by the service's own count of tokens.</summary>
    public decimal Cost { get; init; }

    /// <summary>Answers whose price nobody knows; they are in none of the sums.</summary>
    public int OfUnknownPrice { get; init; }

    /// <summary>Requests that may have been billed without an answer.</summary>
    public int Uncertain { get; init; }

    /// <summary>USD they may have cost, by estimate; in none of the other sums.</summary>
    public decimal UncertainCost { get; init; }
}
