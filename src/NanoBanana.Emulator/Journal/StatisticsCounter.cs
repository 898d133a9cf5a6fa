using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Generation;

namespace NanoBanana.Emulator.Journal;

/// <summary>The running count behind the statistics.</summary>
internal sealed class StatisticsCounter
{
    private readonly object _lock = new();
    private EmulatorStatistics _total = new();

    public EmulatorStatistics Snapshot()
    {
        lock (_lock) return _total;
    }

    public void CountRequest() => Change(total => total with { Requests = total.Requests + 1 });

    public void CountError() => Change(total => total with { Errors = total.Errors + 1 });

    public void CountUndelivered() => Change(total => total with { BilledUndelivered = total.BilledUndelivered + 1 });

    public void CountFault(string name) => Change(total => total with
    {
        Faults = new Dictionary<string, int>(total.Faults) { [name] = total.Faults.GetValueOrDefault(name) + 1 },
    });

    public void Bill(ModelEntry model, GeneratedAnswer answer, bool isBatch, string? tier)
    {
        AnswerUsage usage = answer.Usage;
        decimal usd = usage.Cost(model.Prices) * (isBatch ? 0.5m : ServiceTier.Factor(tier));
        Change(total => total with
        {
            BilledGenerations = total.BilledGenerations + 1,
            BatchGenerations = total.BatchGenerations + (isBatch ? 1 : 0),
            BilledImages = total.BilledImages + answer.Images,
            BilledSearches = total.BilledSearches + answer.Searches,
            BilledUsd = total.BilledUsd + usd,
        });
    }

    private void Change(Func<EmulatorStatistics, EmulatorStatistics> change)
    {
        lock (_lock) _total = change(_total);
    }
}
