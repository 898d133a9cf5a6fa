using System.Collections.Concurrent;
using System.Diagnostics;
using NanoBanana.Batches;

namespace NanoBanana.PowerShell;

/// <summary>A batch as a user holds it: a folder, and perhaps the work that goes on in it, behind the prompt or somewhere else.</summary>
public sealed class NbBatch
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentQueue<BatchItem> _finished = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Lazy<Task<bool>> _completion;
    private readonly Func<BatchPlan>? _look;
    private readonly Batch? _batch;
    private BatchPlan? _plan;

    private NbBatch(Batch batch)
    {
        Destination = batch.Destination;
        _batch = batch;
        Task<bool> work = Task.Run(RunAsync);
        _completion = new Lazy<Task<bool>>(work);
        Landing.Add(this);
    }

    private NbBatch(string destination, Func<BatchPlan> look)
    {
        Destination = destination;
        _look = look;
        Look();
        _completion = new Lazy<Task<bool>>(FollowAsync);
    }

    /// <summary>Full path of the folder.</summary>
    public string Destination { get; }

    /// <summary>Running, Stopping, Completed (every item has its image), Incomplete, or Faulted.</summary>
    public string State =>
        _batch?.IsStopping == true && !Completion.IsCompleted ? "Stopping"
        : IsRunning ? "Running"
        : Completion.IsFaulted ? "Faulted"
        : Summary.IsComplete ? "Completed"
        : "Incomplete";

    /// <summary>The batch in numbers.</summary>
    public BatchSummary Summary => _batch?.Summary ?? _plan!.Summary;

    /// <summary>Where every item stands.</summary>
    public IReadOnlyList<BatchItem> Items => _batch?.Items ?? _plan!.Items;

    /// <summary>What ended the work before its time; null while nothing did.</summary>
    public Exception? Error => IsRunning ? null : Completion.Exception?.InnerException;

    /// <summary>Full path of the page to review it by; null until the work has ended.</summary>
    public string? Report { get; private set; }

    /// <summary>The work's end, here or wherever it goes on.</summary>
    internal Task<bool> Completion => _completion.Value;

    /// <summary>Whether another session or process works on it.</summary>
    internal bool IsElsewhere => _batch is null && IsRunning;

    /// <summary>Why there is no page; null when there is one.</summary>
    internal NbException? ReportError { get; private set; }

    // Only who waits follows work that goes on elsewhere.
    private bool IsRunning => _completion.IsValueCreated ? !Completion.IsCompleted : Batch.IsLocked(Destination);

    /// <summary>Starts the work; it goes on until it is done, stopped, or the process ends.</summary>
    internal static NbBatch Start(Batch batch) => new(batch);

    /// <summary>Looks at a folder that nobody in this session works on.</summary>
    /// <param name="destination">Full path.</param>
    /// <param name="look">Tells how far it is; also called from other threads.</param>
    internal static NbBatch At(string destination, Func<BatchPlan> look) => new(destination, look);

    /// <summary>Sends nothing new; what is in the air comes down.</summary>
    internal void Stop() => _batch?.Stop();

    /// <summary>The same, and the service ends its jobs.</summary>
    internal void Cancel() => _batch?.Cancel();

    /// <summary>An item that has ended and was not taken yet; null when there is none now.</summary>
    internal BatchItem? Take() => _finished.TryDequeue(out BatchItem? item) ? item : null;

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

    private async Task<bool> FollowAsync()
    {
        bool isLocked = Batch.IsLocked(Destination);
        while (isLocked)
        {
            // The more there is to look at, the less often.
            TimeSpan took = Look();
            await Task.Delay(LookEvery + (3 * took)).ConfigureAwait(false);
            isLocked = Batch.IsLocked(Destination);
            if (!isLocked) Look();
        }
        return true;
    }

    private TimeSpan Look()
    {
        long began = Stopwatch.GetTimestamp();
        _plan = _look!();
        foreach (BatchItem item in _plan.Items.Where(item => item.IsFinal && _seen.Add(item.Name))) _finished.Enqueue(item);
        return Stopwatch.GetElapsedTime(began);
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
