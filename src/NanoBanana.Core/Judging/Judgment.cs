using System.Collections.Immutable;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>What a judge said of a picture; the median where several votes were asked for.</summary>
public sealed record Judgment
{
    /// <summary>How well it keeps what it should, 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>The same for each aspect that was asked about.</summary>
    public required ImmutableArray<AspectScore> Aspects { get; init; }

    /// <summary>What should be mended, most important first.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The words in the picture, as they were read back.</summary>
    public required ImmutableArray<string> Lettering { get; init; }

    /// <summary>Of the things that must not be there, those that are.</summary>
    public required ImmutableArray<string> Forbidden { get; init; }

    /// <summary>What the rules are called.</summary>
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
