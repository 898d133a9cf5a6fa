using NanoBanana.Generation;

namespace NanoBanana.Reports;

/// <summary>Money that may be spent in a folder in a day, a week or a month, counted by its ledgers and
/// sidecars.</summary>
public static class FolderBudget
{
    /// <summary>USD that is left of the budget.</summary>
    /// <param name="folder">Full path; it need not exist yet.</param>
    /// <param name="limit">USD that may be spent there.</param>
    /// <param name="period">The period; a session begins now.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="NbException">Nothing is left, or a ledger cannot be read.</exception>
    public static decimal Left(string folder, decimal limit, SpendingPeriod period, TimeProvider? time = null)
    {
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        if (period.Start(now) is not { } day || !Directory.Exists(folder)) return limit;
        CostReport report = CostReport.Read([folder], day);
        decimal spent = report.Lines.Concat(report.InFlight).Sum(line =>
            line.Cost + line.JudgingCost + line.UncertainCost);
        return spent < limit ? limit - spent : throw GenerationErrors.PeriodSpent(folder, limit, spent, period);
    }
}
