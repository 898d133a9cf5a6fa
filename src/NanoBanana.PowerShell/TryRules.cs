using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>What a command asks of its images, as a rule for each request. All of it is checked before anything is
/// paid for.</summary>
/// <param name="minimumScore">The least score; null for none.</param>
/// <param name="maximumTryCount">How often each image is tried.</param>
/// <param name="policy">The brand's gates; null for none.</param>
/// <param name="judge">Who judges; null where nobody has to.</param>
/// <param name="meter">Measures.</param>
internal sealed class TryRules(double? minimumScore, int maximumTryCount, BrandPolicy? policy, Judge? judge,
    IPictureMeter? meter)
{
    /// <summary>The rule for a request; null when its image is taken as it comes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayBeAlone">Whether a request may have nothing to be compared with.</param>
    /// <exception cref="NbException">There is nothing to compare the image with.</exception>
    public TryRule? For(PreparedRequest request, bool mayBeAlone)
    {
        CheckOptions? options = minimumScore is null && policy is null ? null
            : OptionsFor(request.Request, request.References);
        if (options is { NeedsJudge: false, Policy: null })
        {
            if (!mayBeAlone) throw JudgeErrors.NothingToCheck(request.Request.Prompt);
            options = null;
        }
        if (options is null && maximumTryCount == 1) return null;
        return new TryRule
        {
            MaximumTryCount = maximumTryCount,
            Checker = options is null ? null : new ImageChecker(meter!, judge, options),
            RetryWords = (judge?.Rules ?? JudgeRules.BuiltIn).RetryWords,
        };
    }

    private CheckOptions OptionsFor(ImageRequest request, ImmutableArray<Reference> sent)
    {
        if (minimumScore is null) return new CheckOptions { Policy = policy };
        ImmutableArray<Reference> references = [.. sent.Concat(request.Source?.References ?? [])
            .DistinctBy(reference => reference.Picture.Sha256)];
        // An edit without anchors is to keep what its source shows.
        if (references.IsEmpty && request.Source is { } source) references = [new Reference(source.ToPicture())];
        ImmutableArray<string> text = Lettering.OrderedIn(request.Prompt);
        return new CheckOptions
        {
            References = references,
            // Words alone are no measure of sameness.
            Prompt = references.IsEmpty ? null : request.Prompt,
            Text = text,
            Policy = policy,
            MinimumScore = minimumScore,
        };
    }
}
