using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Judging;

/// <summary>What a picture is checked for.</summary>
public sealed record CheckOptions
{
    /// <summary>The references it should match; judged and measured.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The prompt it was made with; judged. Null when it is not checked.</summary>
    public string? Prompt { get; init; }

    /// <summary>The lettering that it should have; read by the judge and compared letter by letter.</summary>
    public ImmutableArray<string> Text { get; init; } = [];

    /// <summary>Lettering that <see cref="Text"/> replaces: none of it may remain in the picture.</summary>
    internal ImmutableArray<string> Replaced { get; init; } = [];

    /// <summary>Lettering that is known besides: what the prompt of the picture puts in quotation marks.</summary>
    internal ImmutableArray<string> Known { get; init; } = [];

    /// <summary>The brand's gates; null for none.</summary>
    public BrandPolicy? Policy { get; init; }

    /// <summary>A picture to compare it with pixel by pixel; measured, never judged. Null for none.</summary>
    public NbImage? Against { get; init; }

    /// <summary>Allowed difference from <see cref="Against"/>, in gray levels (0 to 255); null for any.</summary>
    public double? MaximumDrift { get; init; }

    /// <summary>The lowest accepted score, 0 to 1; null for that of the policy, or else of the judge.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>Whether a model must judge it; otherwise everything is measured, free of charge.</summary>
    public bool NeedsJudge =>
        !References.IsEmpty || Prompt is not null || !Text.IsEmpty || Policy is { NeedsJudge: true };

    /// <summary>Whether anything is measured: lettering is only read, not measured.</summary>
    public bool NeedsMeter => !References.IsEmpty || Policy is not null || Against is not null;

    /// <summary>Whether there is anything to check at all.</summary>
    public bool IsEmpty => !NeedsJudge && Policy is null && Against is null;

    /// <summary>The options for one image: with no other references, it is compared with those it was made
    /// with.</summary>
    /// <param name="image">The image, whose record has its references.</param>
    /// <exception cref="NbException">There is nothing to compare it with (Nb.Judge.NothingToCheck).</exception>
    public CheckOptions For(NbImage image)
    {
        DemandBasis();
        if (!Text.IsEmpty && Known.IsEmpty && Lettering.OrderedIn(image.Prompt ?? "") is { IsEmpty: false } known)
        {
            return (this with { Known = known }).For(image);
        }
        // An edit of lettering has a record of the texts to replace.
        if (!Text.IsEmpty && Replaced.IsEmpty && image.ParentSha256 is not null)
        {
            return (this with { Replaced = Lettering.ReplacedIn(image.Prompt ?? "") }).Compared(image);
        }
        return Compared(image);
    }

    private CheckOptions Compared(NbImage image)
    {
        // A score, also the policy's, needs something to compare with.
        bool isScored = MinimumScore is not null || Policy?.MinimumScore is not null;
        bool isCompared = !References.IsEmpty || Prompt is not null || !Text.IsEmpty;
        if (isCompared || !(IsEmpty || isScored)) return this;
        ImmutableArray<Reference> seen = [.. image.References.Where(reference => reference.Picture.IsImage)];
        if (!seen.IsEmpty) return this with { References = seen };
        return IsEmpty || MinimumScore is not null ? throw JudgeErrors.NothingToCheck(image.ToString()) : this;
    }

    /// <summary>Refuses what is said of judging where no image may be judged.</summary>
    /// <param name="votes">How often each is judged; null when that is left out.</param>
    /// <param name="judgeModel">The model that judges; null when that is left out.</param>
    /// <exception cref="NbException">One is given in vain (Nb.Judge.NothingJudged).</exception>
    public void DemandUsed(int? votes, string? judgeModel)
    {
        if (MayBeJudged) return;
        if (votes is not null) throw JudgeErrors.NothingJudged("votes");
        if (judgeModel is not null) throw JudgeErrors.NothingJudged("judgeModel");
    }

    // Be it by what it remembers.
    private bool MayBeJudged =>
        NeedsJudge || IsEmpty || MinimumScore is not null || Policy?.MinimumScore is not null;

    /// <summary>Refuses a limit on drift without a picture to compare with, and lettering without letters.</summary>
    /// <exception cref="NbException">There is one (Nb.Judge.NothingToCheck, Nb.Judge.NoLetters).</exception>
    public void DemandBasis()
    {
        Lettering.Demand(Text);
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
