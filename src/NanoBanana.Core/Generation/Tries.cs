using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Several tries at one image: whether another is made, and what came of all.</summary>
internal static class Tries
{
    /// <summary>Whether an order is tried once more.</summary>
    /// <param name="order">The order, which does not know of its newest try yet.</param>
    /// <param name="outcome">What came of that.</param>
    public static bool WantsAnother(Order order, Outcome outcome)
    {
        if (order.Rule is not { } rule || order.Try >= rule.MaximumTryCount) return false;
        if (outcome.Error is { } error) return TryRule.MayComeAgain(error);
        // If the judge failed, another picture does not help.
        return outcome.IsRejected && outcome.Unchecked is null && outcome.Unsaved.IsEmpty
            && !outcome.Images.Any(image => image.Verdict is { IsAccepted: true });
    }

    /// <summary>A request as it is sent again: told what was wrong with the tries before.</summary>
    /// <param name="service">Prepares it.</param>
    /// <param name="request">As it was sent at first.</param>
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

    /// <summary>What came of an order in all: its best try, with the cost of all.</summary>
    /// <param name="order">The order.</param>
    /// <param name="last">Its last try, or why there was none.</param>
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

    // An accepted one, else the highest score; of equals the first. Without a score none can be told from another.
    private static (bool, double) RankOf(Outcome outcome) => outcome.Images
        .Select(image => (image.Verdict?.IsAccepted ?? false, image.Verdict?.Score ?? -1)).Max();
}
