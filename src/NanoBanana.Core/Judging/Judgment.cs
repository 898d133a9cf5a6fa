using System.Collections.Immutable;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>A judge's result for a picture; the median of several votes.</summary>
public sealed record Judgment
{
    /// <summary>How well it matches its references, 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>The score of each aspect that was asked about.</summary>
    public required ImmutableArray<AspectScore> Aspects { get; init; }

    /// <summary>What should be corrected, most important first.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The words read from the picture.</summary>
    public required ImmutableArray<string> Lettering { get; init; }

    /// <summary>The forbidden things that are in the picture.</summary>
    public required ImmutableArray<string> Forbidden { get; init; }

    /// <summary>Name of the rules.</summary>
    public required string Judge { get; init; }

    /// <summary>Id of the model that judged.</summary>
    public required string Model { get; init; }

    /// <summary>Votes that counted.</summary>
    public required int Votes { get; init; }

    /// <summary>USD of all votes; null when unknown.</summary>
    public required decimal? Cost { get; init; }

    /// <summary>Votes that did not count, and why.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
