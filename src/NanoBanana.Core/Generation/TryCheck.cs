using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Judging;

namespace NanoBanana.Generation;

/// <summary>Checks the saved images of one try, and records the results with them.</summary>
internal sealed class TryCheck(Order order, ImageChecker checker)
{
    public async Task<Outcome> RunAsync(Outcome made, CancellationToken cancellationToken)
    {
        var images = made.Images.ToBuilder();
        var unsaved = made.Unsaved.ToBuilder();
        NbException? failure = null;
        decimal? judging = 0;
        for (int at = 0; at < images.Count && failure is null; at++)
        {
            ImageVerdict verdict;
            ImmutableArray<string> warnings = [];
            // The result of the same check still holds; only the lowest score may have changed.
            bool isKnown = images[at].Verdict?.Question is { } known && known == checker.Question;
            try
            {
                if (isKnown)
                {
                    verdict = Measured(images[at].Verdict!);
                }
                else
                {
                    ImageCheck check = await checker.CheckAsync(images[at], cancellationToken).ConfigureAwait(false);
                    judging += check.Cost;
                    warnings = [.. check.Warnings, .. ImageChecker.SurplusWords(check.Surplus)];
                    verdict = VerdictOf(check);
                }
            }
            catch (OperationCanceledException)
            {
                // The image stays saved and unchecked; a judge that was asked may be billed.
                judging += checker.Estimate();
                break;
            }
            catch (NbException e)
            {
                failure = e;
                decimal? cost = e.Cost ?? (e.IsUncertain ? checker.Estimate() : 0);
                judging += cost;
                verdict = new ImageVerdict { IsAccepted = false, Reasons = [e.Message], Cost = cost, Try = order.Try };
            }
            // The judge uses the same service as the image.
            bool isRehearsal = images[at].Provenance is { IsRehearsal: true };
            images[at] = images[at] with
            {
                Verdict = verdict with { IsRehearsal = isRehearsal },
                Warnings = images[at].Warnings.AddRange(warnings),
            };
            try
            {
                ImageFile.Annotate(images[at]);
            }
            catch (NbException e)
            {
                unsaved.Add(e);
            }
            order.OnChecked(images[at], failure, isKnown);
        }
        return made with
        {
            Images = images.ToImmutable(),
            Unsaved = unsaved.ToImmutable(),
            Unchecked = failure,
            Cost = made.Cost + judging,
        };
    }

    private ImageVerdict VerdictOf(ImageCheck check) => Measured(new ImageVerdict
    {
        IsAccepted = check.IsAccepted,
        Score = check.Score,
        Aspects = check.Aspects,
        Reasons = check.Reasons,
        FailedGates = [.. check.Gates.Where(gate => !gate.IsPassed && gate.Name != ImageChecker.ScoreGate)
            .Select(gate => gate.Name)],
        Question = checker.Question,
        Judge = check.Judge,
        JudgeModel = check.JudgeModel,
        Votes = check.Votes,
        Cost = check.Cost,
    });

    // The current lowest score decides.
    private ImageVerdict Measured(ImageVerdict found)
    {
        double? least = found.Score is null ? null : checker.MinimumScore;
        bool isAccepted = found.FailedGates.IsEmpty && !(found.Score < least);
        return found with
        {
            IsAccepted = isAccepted,
            MinimumScore = least,
            Try = order.Try,
            // A judge may give a low score without reasons; the reasons of the aspects are used then.
            Reasons = isAccepted || !found.Reasons.IsEmpty ? found.Reasons
                : [.. found.Aspects.Where(aspect => aspect.Score < least).Select(aspect =>
                    aspect.Reason.Length > 0 ? $"{aspect.Name}: {aspect.Reason}" : $"{aspect} is too low")],
        };
    }
}
