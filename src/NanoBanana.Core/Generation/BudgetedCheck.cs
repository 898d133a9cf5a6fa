using NanoBanana.Images;
using NanoBanana.Judging;

namespace NanoBanana.Generation;

/// <summary>Checks pictures under a budget.</summary>
public static class BudgetedCheck
{
    /// <summary>Checks a picture, unless judging it would pass the budget. The cost of judging is recorded beside the
    /// picture, if it is a file.</summary>
    /// <param name="checker">The checker; checking is free without a judge.</param>
    /// <param name="image">The picture.</param>
    /// <param name="budget">The money that all checks share.</param>
    /// <param name="cancellationToken">Cancels the check; a request already sent may be billed.</param>
    /// <exception cref="NbException">The check does not fit the budget, its price is unknown while there is a budget,
    /// the picture cannot be read, or the judge's answer cannot be understood.</exception>
    public static async Task<ImageCheck> CheckAsync(
        this ImageChecker checker, NbImage image, Budget budget, CancellationToken cancellationToken = default)
    {
        if (checker.Judge is not { } judge)
        {
            return await checker.CheckAsync(image, cancellationToken).ConfigureAwait(false);
        }
        decimal? estimate = checker.Estimate();
        if (budget.Limit is not null && estimate is null)
        {
            throw GenerationErrors.UnknownPrice($"{image}", judge.Model.Id);
        }
        Reservation held = budget.TryReserve(estimate, judge.Model)
            ?? throw budget.Refusal($"{image}", budget.UsualCost(estimate, judge.Model));
        try
        {
            ImageCheck found = await checker.CheckAsync(image, cancellationToken).ConfigureAwait(false);
            held.Settle(found.Cost);
            return JudgingLog.TryAdd(image, judge, found.Cost) is { } unwritten
                ? found with { Warnings = found.Warnings.Add(unwritten) } : found;
        }
        catch (NbException e)
        {
            held.Settle(e.IsUncertain ? null : e.Cost ?? 0);
            // An answer that cannot be understood is paid for all the same.
            if (e.Cost > 0) JudgingLog.TryAdd(image, judge, e.Cost);
            throw;
        }
        catch (Exception)
        {
            // After a cancellation or a bug, the request may have been billed.
            held.Settle(null);
            throw;
        }
    }
}
