using NanoBanana.Judging;

namespace NanoBanana.Generation;

/// <summary>When an image is good enough, and how often it is tried.</summary>
public sealed record TryRule
{
    /// <summary>Looks at what came; null when every image is taken as it is.</summary>
    public ImageChecker? Checker { get; init; }

    /// <summary>What an edit may change; null for everything.</summary>
    internal EditProtection? Protection { get; init; }

    /// <summary>How often it is tried in all, each time paid for; 1 for no second try.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>USD that judging one try is expected to cost; null when unknown.</summary>
    public decimal? JudgingEstimate => Checker is null ? 0 : Checker.Estimate();

    /// <summary>Whether a picture that did not come may come another time.</summary>
    internal static bool MayComeAgain(NbException error) =>
        error is { ErrorId: "Nb.Answer.NoImage", Reason: "NO_IMAGE" or "IMAGE_OTHER" };
}
