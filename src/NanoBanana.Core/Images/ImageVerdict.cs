using System.Collections.Immutable;

namespace NanoBanana.Images;

/// <summary>The result of checking an image when it was made, stored in its sidecar.</summary>
public sealed record ImageVerdict
{
    /// <summary>Whether it may be used: its score is high enough and every gate is passed.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>From 0 to 1; null when nothing was judged.</summary>
    public double? Score { get; init; }

    /// <summary>The score it needed; null when nothing was judged.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>The score of each aspect.</summary>
    public ImmutableArray<AspectScore> Aspects { get; init; } = [];

    /// <summary>What is wrong with it.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The gates it does not pass, apart from the score.</summary>
    public ImmutableArray<string> FailedGates { get; init; } = [];

    /// <summary>Hash of the check options except the lowest score: with the same hash, the picture need not be judged
    /// again. Null when the check failed.</summary>
    internal string? Question { get; init; }

    /// <summary>Name of the judge's rules; null when no judge was asked.</summary>
    public string? Judge { get; init; }

    /// <summary>Id of the model that judged; null when none did.</summary>
    public string? JudgeModel { get; init; }

    /// <summary>Votes that counted.</summary>
    public int Votes { get; init; }

    /// <summary>USD of judging this image; null when unknown. It is not part of the image's own cost.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether the emulator judged, offline: then nothing was billed.</summary>
    internal bool IsRehearsal { get; init; }

    /// <summary>Number of the try, from 1.</summary>
    public int Try { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() =>
        (Score is { } score ? FormattableString.Invariant($"{score:0.00}, ") : "")
        + (IsAccepted ? "accepted" : "rejected") + (Try > 1 ? FormattableString.Invariant($" (try {Try})") : "");
}
