using System.Runtime.CompilerServices;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Batches.Runs;

/// <summary>Makes the nodes of a batch by parallel requests: each node becomes an order of the engine as soon as its
/// source exists.</summary>
/// <param name="run">The batch.</param>
/// <param name="isFetching">Whether to send nothing new, but only fetch answers made before, and compose and check
/// existing pictures.</param>
internal sealed class LiveRunner(BatchRun run, bool isFetching = false)
{
    // How often an item waits when its retries are used up and the service still refuses it as one too many.
    private const int MostRounds = 8;

    private readonly Queue<BatchItem> _changes = new();

    /// <summary>Makes everything that can be made, and yields every change of a node.</summary>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImageEngine engine = Engine(cancellationToken);
        // When the caller stops pulling, items in flight are canceled and recorded as uncertain.
        await using (engine.ConfigureAwait(false))
        {
            foreach (BatchNode node in run.Nodes)
            {
                if (run.StopReason is not null) break;
                if (node.State == BatchItemState.Pending && node.Source is null or { HasImage: true } && IsWanted(node))
                {
                    engine.Add(new ItemOrder(run, node));
                }
            }
            while (await engine.NextAsync().ConfigureAwait(false) is { } step)
            {
                Follow(step, engine);
                if (engine.Fatal is { } fatal) run.Stop(fatal);
                if (run.StopReason is not null) engine.Stop();
                while (_changes.TryDequeue(out BatchItem? change)) yield return change;
            }
        }
        if (!isFetching)
        {
            foreach (BatchNode node in run.BlockPending()) yield return node.ToItem();
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ImageEngine Engine(CancellationToken cancellationToken) => new(
        run.Service,
        new EngineOptions
        {
            ThrottleLimit = run.Options.ThrottleLimit,
            Places = run.Options.Places,
            Budget = run.Budget,
            RequestsPerMinute = run.Options.RequestsPerMinute,
            MaxCostPerMinute = run.Options.MaxCostPerMinute,
            MostRounds = MostRounds,
            LongestPause = run.Service.Client.Options.RetryBudget,
            Stopping = run.Stopping,
            TimeProvider = run.Time,
        },
        cancellationToken);

    private bool IsWanted(BatchNode node) => !isFetching || node.AnswerId is not null || node.IsUnfinished;

    private void Follow(EngineStep step, ImageEngine engine)
    {
        BatchNode node = ((ItemOrder)step.Order).Node;
        if (step.Outcome is not { } outcome)
        {
            _changes.Enqueue(step.Pause is { } pause ? node.ToItem() with { Error = pause } : node.ToItem());
            return;
        }
        bool isOverBudget = outcome.Error?.ErrorId == GenerationErrors.OverBudgetId;
        if (isOverBudget) run.Stop(outcome.Error!);
        _changes.Enqueue(node.ToItem());
        if (node.State == BatchItemState.Pending) return;
        node.ReleaseImage();
        bool isHeldBack = isOverBudget
            || (node.State == BatchItemState.Blocked && outcome.Error is { IsRateLimit: true });
        // All orders are collected first, because beginning one changes its node.
        BatchNode[] changes = [.. isHeldBack ? run.HoldBackChildren(node, outcome.Error!) : run.OnSourceEnded(node)];
        foreach (BatchNode changed in changes)
        {
            if (changed.State != BatchItemState.Pending) _changes.Enqueue(changed.ToItem());
            else if (IsWanted(changed)) engine.Add(new ItemOrder(run, changed));
        }
    }
}
