using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Judging;

/// <summary>What a picture should be like.</summary>
public sealed record CheckOptions
{
    /// <summary>What it should keep; judged, and measured against.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The words it was ordered in; judged. Null when they do not count.</summary>
    public string? Prompt { get; init; }

    /// <summary>The lettering that should stand in it; read back by the judge and compared letter by letter.</summary>
    public ImmutableArray<string> Text { get; init; } = [];

    /// <summary>Lettering that was to be replaced by <see cref="Text"/>: none of it may still stand there.</summary>
    internal ImmutableArray<string> Replaced { get; init; } = [];

    /// <summary>The brand's gates; null for none.</summary>
    public BrandPolicy? Policy { get; init; }

    /// <summary>A picture it should be as near to as possible, pixel by pixel; measured, never judged. Null for
    /// none.</summary>
    public NbImage? Against { get; init; }

    /// <summary>How far it may be from <see cref="Against"/>, in gray levels (0 to 255); null for any.</summary>
    public double? MaximumDrift { get; init; }

    /// <summary>The least score, 0 to 1; null for the policy's, then the judge's.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>Whether a model has to look at it; else all is measured, and free.</summary>
    public bool NeedsJudge =>
        !References.IsEmpty || Prompt is not null || !Text.IsEmpty || Policy is { NeedsJudge: true };

    /// <summary>Whether anything is measured: lettering alone is only read.</summary>
    public bool NeedsMeter => !References.IsEmpty || Policy is not null || Against is not null;

    /// <summary>Whether there is anything to check at all.</summary>
    public bool IsEmpty => !NeedsJudge && Policy is null && Against is null;

    /// <summary>The same for one image: with nothing else to compare with, it is compared with what it was made
    /// with.</summary>
    /// <param name="image">The image, which remembers that.</param>
    /// <exception cref="NbException">There is nothing to compare it with (Nb.Judge.NothingToCheck).</exception>
    public CheckOptions For(NbImage image)
    {
        DemandBasis();
        // An edit of lettering remembers what it was to replace.
        if (!Text.IsEmpty && Replaced.IsEmpty && image.ParentSha256 is not null)
        {
            return (this with { Replaced = Lettering.ReplacedIn(image.Prompt ?? "") }).Compared(image);
        }
        return Compared(image);
    }

    private CheckOptions Compared(NbImage image)
    {
        // A score, be it the policy's, is that of a comparison.
        bool isScored = MinimumScore is not null || Policy?.MinimumScore is not null;
        bool isCompared = !References.IsEmpty || Prompt is not null || !Text.IsEmpty;
        if (isCompared || !(IsEmpty || isScored)) return this;
        ImmutableArray<Reference> seen = [.. image.References.Where(reference => reference.Picture.IsImage)];
        if (!seen.IsEmpty) return this with { References = seen };
        return IsEmpty || MinimumScore is not null ? throw JudgeErrors.NothingToCheck(image.ToString()) : this;
    }

    /// <summary>Refuses a bound on the drift from a picture that is not named.</summary>
    /// <exception cref="NbException">It is not (Nb.Judge.NothingToCheck).</exception>
    public void DemandBasis()
    {
        if (MaximumDrift is not null && Against is null) throw JudgeErrors.NothingToMeasure();
    }

    internal JudgeQuestion Question(NbImage image) => new()
    {
        Image = image,
        References = References,
        Prompt = Prompt,
        Forbidden = Policy?.ForbiddenThings ?? [],
        Logo = Policy?.LogoPictures ?? [],
    };
}
