namespace NanoBanana.Models;

/// <summary>Searches that the service does not bill.</summary>
public sealed record FreeSearches
{
    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>The period of the allowance: month or day, in UTC.</summary>
    public string Per { get; init; } = "month";

    /// <summary>The name of the pool: models of one pool share the allowance.</summary>
    public required string Pool { get; init; }
}
