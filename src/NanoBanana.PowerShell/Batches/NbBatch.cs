using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NanoBanana.Batches;

namespace NanoBanana.PowerShell;

/// <summary>A batch as a user holds it: a folder, and perhaps the work that goes on in it behind the prompt.</summary>
public sealed class NbBatch
{
    private readonly ConcurrentQueue<BatchItem> _finished = new();
    private readonly Func<BatchSummary> _summary;
    private readonly Func<IReadOnlyList<BatchItem>> _items;
    private readonly Batch? _batch;

    private NbBatch(string destination, Func<BatchSummary> summary, Func<IReadOnlyList<BatchItem>> items, Batch? batch)
    {
        Destination = destination;
        _summary = summary;
        _items = items;
        _batch = batch;
        Completion = batch is null ? Task.FromResult(true) : Task.Run(RunAsync);
        if (batch is not null) Landing.Add(this);
    }

    /// <summary>Full path of the folder.</summary>
    public string Destination { get; }

    /// <summary>Running, Stopping, Completed (every item has its image), Incomplete, or Faulted.</summary>
    public string State =>
        !Completion.IsCompleted ? _batch!.IsStopping ? "Stopping" : "Running"
        : Completion.IsFaulted ? "Faulted"
        : Summary.IsComplete ? "Completed"
        : "Incomplete";

    /// <summary>The batch in numbers.</summary>
    public BatchSummary Summary => _summary();

    /// <summary>Where every item stands.</summary>
    public IReadOnlyList<BatchItem> Items => _items();

    /// <summary>What ended the work before its time; null while nothing did.</summary>
    public Exception? Error => Completion.Exception?.InnerException;

    /// <summary>Full path of the page to review it by; null until the work has ended.</summary>
    public string? Report { get; private set; }

    internal Task<bool> Completion { get; }

    /// <summary>Why there is no page; null when there is one.</summary>
    internal NbException? ReportError { get; private set; }

    /// <summary>Starts the work; it goes on until it is done, stopped, or the process ends.</summary>
    internal static NbBatch Start(Batch batch) => new(batch.Destination, () => batch.Summary, () => batch.Items, batch);

    /// <summary>Looks at a folder that nobody here works on.</summary>
    internal static NbBatch Look(string destination, BatchPlan plan)
    {
        var batch = new NbBatch(destination, () => plan.Summary, () => plan.Items, batch: null);
        foreach (BatchItem item in plan.Items.Where(item => item.IsFinal)) batch._finished.Enqueue(item);
        return batch;
    }

    /// <summary>Sends nothing new; what is in the air comes down.</summary>
    internal void Stop() => _batch?.Stop();

    /// <summary>The same, and the service ends its jobs.</summary>
    internal void Cancel() => _batch?.Cancel();

    /// <summary>An item that has ended and was not taken yet; null when there is none now.</summary>
    internal BatchItem? Take() => _finished.TryDequeue(out BatchItem? item) ? item : null;

    /// <summary>Fails as the work did, if it did.</summary>
    internal void ThrowIfFaulted()
    {
        if (Error is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <inheritdoc/>
    public override string ToString() => Destination;

    private async Task<bool> RunAsync()
    {
        using (_batch)
        {
            try
            {
                await foreach (BatchItem item in _batch!.RunAsync().ConfigureAwait(false))
                {
                    if (item.IsFinal) _finished.Enqueue(item);
                }
            }
            finally
            {
                WriteReport(_batch!);
            }
        }
        return true;
    }

    // The pictures are there: a page that cannot be written takes nothing from them.
    private void WriteReport(Batch batch)
    {
        try
        {
            Report = batch.WriteReport();
        }
        catch (NbException e)
        {
            ReportError = e;
        }
    }
}
