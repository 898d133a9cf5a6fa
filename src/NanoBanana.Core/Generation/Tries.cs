using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Several tries at one image: whether to make another, and the outcome of all.</summary>
internal static class Tries
{
    /// <summary>Whether an order is tried once more.</summary>
    /// <param name="order">The order, without its latest try.</param>
    /// <param name="outcome">The outcome of the latest try.</param>
    public static bool WantsAnother(Order order, Outcome outcome)
    {
        if (order.Rule is not { } rule || order.Try >= rule.MaximumTryCount) return false;
        if (outcome.Error is { } error) return TryRule.MayComeAgain(error);
        // If the judge failed, another picture would not help.
        return outcome.IsRejected && outcome.Unchecked is null && outcome.Unsaved.IsEmpty
            && !outcome.Images.Any(image => image.Verdict is { IsAccepted: true });
    }

    /// <summary>The request for another try, with the faults of the earlier tries added to its prompt.</summary>
    /// <param name="service">Prepares it.</param>
    /// <param name="request">The original request.</param>
    /// <param name="before">The tries that have ended.</param>
    public static PreparedRequest Repeated(ImageService service, PreparedRequest request, IEnumerable<Outcome> before)
    {
        string[] reasons = [.. before.SelectMany(one => one.Images)
            .SelectMany(image => image.Verdict?.Reasons ?? []).Distinct()];
        if (reasons.Length == 0) return request;
        string words = service.JudgeRules.RetryWords.Replace("{reasons}",
            string.Join('\n', reasons.Select(reason => $"- {reason}")), StringComparison.Ordinal);
        string suffix = request.Request.PromptSuffix is { } own ? $"{own}\n\n{words}" : words;
        return service.Prepare(request.Request with { PromptSuffix = suffix }) with { Copies = request.Copies };
    }

    /// <summary>The outcome of all tries of an order: the best try, with the cost of all.</summary>
    /// <param name="order">The order.</param>
    /// <param name="last">The outcome of its last try, or the error that prevented it.</param>
    public static Outcome Ended(Order order, Outcome last)
    {
        if (order.Tries.Count == 0)
        {
            order.OnEnded(last);
            return last;
        }
        ImmutableArray<Outcome> all = [.. order.Tries, last];
        Outcome best = all.Where(one => !one.Images.IsEmpty).OrderByDescending(RankOf).FirstOrDefault() ?? last;
        Outcome ended = best with
        {
            Settlement = best.Images.IsEmpty ? last.Settlement : Settlement.Answered,
            Tries = all,
            Unsaved = [.. all.SelectMany(one => one.Unsaved)],
            Ending = ReferenceEquals(best, last) ? null : last.Error,
            Cost = all.Any(one => one.Cost is null && one.Settlement != Settlement.NotCarriedOut) ? null
                : all.Sum(one => one.Cost),
        };
        NbImage[] pictures = [.. all.Where(one => !one.Images.IsEmpty).Select(one => one.Images[^1])];
        if (pictures.Length > 0 && !best.Images.IsEmpty)
        {
            try
            {
                ended = ended with { Images = best.Images.SetItem(best.Images.Length - 1,
                    order.Promote([.. pictures], best.Images[^1])) };
            }
            catch (NbException e)
            {
                ended = ended with { Unsaved = ended.Unsaved.Add(e) };
            }
        }
        order.OnEnded(ended);
        return ended;
    }

    // An accepted try, otherwise the highest score; the first of equals. Tries without a score cannot be ranked.
    private static (bool, double) RankOf(Outcome outcome) => outcome.Images
        .Select(image => (image.Verdict?.IsAccepted ?? false, image.Verdict?.Score ?? -1)).Max();
}
