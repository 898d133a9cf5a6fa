using NanoBanana.Batches.Ledgers;
using NanoBanana.Generation;

namespace NanoBanana.Reports;

/// <summary>Money that may be spent in a folder in a day, a week or a month, counted by its ledgers and
/// sidecars.</summary>
public static class FolderBudget
{
    /// <summary>USD that is left of it. A run asks once it holds the folder: nobody else can spend of it
    /// then.</summary>
    /// <param name="folder">Full path; it need not be there yet.</param>
    /// <param name="limit">USD that may be spent there.</param>
    /// <param name="period">The period; a session begins now.</param>
    /// <param name="shard">The part of a batch that asks. Shards work at the same time, so each gets an equal part of
    /// what they have not spent yet. Null for who works alone.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="NbException">Nothing is left, or a ledger cannot be read.</exception>
    public static decimal Left(string folder, decimal limit, SpendingPeriod period, Shard? shard = null,
        TimeProvider? time = null)
    {
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        if (period.Start(now) is not { } day || !Directory.Exists(folder)) return limit;
        // Before the whole: what another shard spends meanwhile then counts as spent by all.
        Dictionary<string, decimal> ofShards = shard is null ? [] : LedgerFile.AllIn(folder)
            .Where(path => path.EndsWith($"-of-{shard.Count}.jsonl", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetFileName(path), SpentBy, StringComparer.Ordinal);
        CostReport report = CostReport.Read([folder], day);
        decimal spent = report.Lines.Concat(report.InFlight).Sum(UsdOf);
        decimal left = limit - spent;
        if (shard is not null)
        {
            decimal share = (limit - (spent - ofShards.Values.Sum())) / shard.Count;
            left = Math.Min(left, share - ofShards.GetValueOrDefault(Ledger.NameOf(shard)));
        }
        return left > 0 ? left : throw GenerationErrors.PeriodSpent(folder, limit, spent, period);

        decimal SpentBy(string ledger)
        {
            var costs = new LedgerCosts();
            costs.Read(folder, LedgerFile.Read(ledger));
            return costs.Lines.Concat(costs.InFlight).Where(line => line.Day >= day).Sum(UsdOf);
        }
    }

    private static decimal UsdOf(CostLine line) => line.Cost + line.JudgingCost + line.UncertainCost;
}
