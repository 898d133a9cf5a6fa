using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Batches;

/// <summary>What a manifest comes to: every item checked, with its price and where it stands. Nothing is sent and
/// nothing is written.</summary>
public sealed class BatchPlan
{
    internal BatchPlan(ImmutableArray<BatchNode> nodes, ImmutableArray<string> warnings)
    {
        Items = [.. nodes.Select(node => node.ToItem())];
        Summary = BatchSummary.Of(nodes, Items.Sum(item => item.Cost ?? 0), TimeSpan.Zero);
        Warnings = warnings;
    }

    /// <summary>The items that are asked for and those they are made from; sources first.</summary>
    public ImmutableArray<BatchItem> Items { get; }

    /// <summary>What looks like a mistake but stops nothing.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The same in numbers; its cost is what the pictures that are there did cost.</summary>
    public BatchSummary Summary { get; }

    /// <summary>USD that what is not up to date is expected to cost; items of unknown price are left out.</summary>
    public decimal EstimatedCost => Items.Where(item => !item.HasImage).Sum(item => item.EstimatedCost ?? 0);

    /// <summary>Plans a manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="service">Checks the requests; nothing is sent.</param>
    /// <param name="options">What to make of it; null for all of it, live.</param>
    /// <param name="destination">Full path of a batch's folder, to see what is up to date; null to plan as if nothing
    /// were made.</param>
    /// <exception cref="NbException">A request is wrong; see <see cref="Manifest.Load"/> for how several mistakes are
    /// told.</exception>
    public static BatchPlan Create(Manifest manifest, ImageService service, BatchOptions? options = null,
        string? destination = null)
    {
        options ??= new BatchOptions();
        service = options.Over(service, manifest);
        LedgerFile ledger = destination is null ? new LedgerFile([], 0, false, []) : LedgerFile.ReadAll(destination);
        var planner = new Planner(manifest, service, options, destination);
        ImmutableArray<BatchNode> nodes = planner.Plan();
        Dictionary<string, ItemRecord> records = ItemRecord.Fold(ledger.EventsFor(service.IsOffline));
        OrphanFinder? orphans = Directory.Exists(destination) ? new OrphanFinder(destination, service, records.Values)
            : null;
        var evaluation = new Evaluation(destination, options, ItemRecord.LeftOver(records, manifest), orphans);
        bool isLocked = destination is not null && BatchLock.IsHeld(destination);
        foreach (BatchNode node in nodes)
        {
            node.Record = records.GetValueOrDefault(node.Name);
            evaluation.Evaluate(node);
            // While somebody works on it, what is in flight there is no cause for doubt.
            if (isLocked && (node.State == BatchItemState.Uncertain || node.AnswerId is not null)
                && node.Record!.IsInFlight)
            {
                (node.State, node.Error) = (BatchItemState.Running, null);
            }
        }
        return new BatchPlan(nodes,
            [.. manifest.Warnings, .. planner.Warnings, .. ledger.Warnings, .. evaluation.Warnings(nodes)]);
    }
}
