namespace NanoBanana.Models;

/// <summary>Searches that the service does not bill.</summary>
public sealed record FreeSearches
{
    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>month or day, in UTC.</summary>
    public string Per { get; init; } = "month";

    /// <summary>What they are counted under: models of one pool share them.</summary>
    public required string Pool { get; init; }
}
