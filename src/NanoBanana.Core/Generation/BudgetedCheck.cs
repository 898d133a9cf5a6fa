using NanoBanana.Images;
using NanoBanana.Judging;

namespace NanoBanana.Generation;

/// <summary>Checks of pictures under a budget.</summary>
public static class BudgetedCheck
{
    /// <summary>Checks a picture, unless judging it would pass the budget. What judging cost is put on record beside
    /// the picture, where it lies anywhere.</summary>
    /// <param name="checker">Who checks; free when it has no judge.</param>
    /// <param name="image">The picture.</param>
    /// <param name="budget">The money that all checks share.</param>
    /// <param name="cancellationToken">Gives it up; what was sent may have been billed.</param>
    /// <exception cref="NbException">It does not fit the budget, its price is unknown under one, it cannot be read, or
    /// the judge gave no answer that makes sense.</exception>
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
            // An answer that makes no sense is paid for all the same.
            if (e.Cost > 0) JudgingLog.TryAdd(image, judge, e.Cost);
            throw;
        }
        catch (Exception)
        {
            // Canceled, or a fault of our own: what was sent may have been billed.
            held.Settle(null);
            throw;
        }
    }
}
