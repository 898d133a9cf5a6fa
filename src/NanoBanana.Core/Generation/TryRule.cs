using NanoBanana.Judging;

namespace NanoBanana.Generation;

/// <summary>Decides when an image is good enough, and how many tries are made.</summary>
public sealed record TryRule
{
    /// <summary>Checks the image; null when every image is accepted.</summary>
    public ImageChecker? Checker { get; init; }

    /// <summary>What an edit may change; null for everything.</summary>
    internal EditProtection? Protection { get; init; }

    /// <summary>The number of tries at most, each of them paid for; 1 for no second try.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>USD that judging one try is expected to cost; null when unknown.</summary>
    public decimal? JudgingEstimate => Checker is null ? 0 : Checker.Estimate();

    /// <summary>Whether another try may help after an answer without a picture.</summary>
    internal static bool MayComeAgain(NbException error) =>
        error is { ErrorId: "Nb.Answer.NoImage", Reason: "NO_IMAGE" or "IMAGE_OTHER" };
}
