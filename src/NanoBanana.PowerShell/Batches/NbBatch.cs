using System.Collections.Concurrent;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Reports;

namespace NanoBanana.PowerShell;

/// <summary>A batch for the user: a folder, and the work on it, if any, in the background or in another
/// process.</summary>
public sealed class NbBatch
{
    private readonly ConcurrentQueue<BatchItem> _finished = new();
    private readonly ConcurrentQueue<BatchItem> _pausing = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Lazy<Task<bool>> _completion;
    private readonly ImageService? _planner;
    private readonly Batch? _batch;
    private readonly BatchLog? _log;
    private readonly bool _wasElsewhere;
    private BatchPlan? _plan;
    private bool _isStopping;

    private NbBatch(Batch batch, BatchLog log)
    {
        Destination = batch.Destination;
        _log = log;
        _batch = batch;
        Task<bool> work = Task.Run(RunAsync);
        _completion = new Lazy<Task<bool>>(work);
        ExitGuard.Watch(this);
    }

    private NbBatch(string destination, ImageService planner)
    {
        Destination = destination;
        _planner = planner;
        _wasElsewhere = Batch.IsLocked(destination);
        See(BatchPlan.Create(Batch.Read(destination), planner, destination: destination));
        _completion = new Lazy<Task<bool>>(FollowAsync);
    }

    /// <summary>Full path of the folder.</summary>
    public string Destination { get; }

    /// <summary>Running, Stopping, Completed (every item has its image), Submitted (jobs are at the service), Stopped
    /// (some items were not sent), Failed (all were, some gave no image), Uncertain, Rejected, or Faulted.</summary>
    public string State =>
        IsRunning ? (_isStopping || _batch?.StopReason is { IsAsked: true }) ? "Stopping" : "Running"
        : Completion.IsFaulted ? "Faulted"
        : Ended(Summary, Items);

    /// <summary>The batch in numbers.</summary>
    public BatchSummary Summary => _batch?.Summary ?? _plan!.Summary;

    /// <summary>The state of every item.</summary>
    public IReadOnlyList<BatchItem> Items => _batch?.Items ?? _plan!.Items;

    /// <summary>The error that ended the work early; null for none.</summary>
    public Exception? Error => IsRunning ? null : Completion.Exception?.InnerException;

    /// <summary>Full path of the page to review it by; null until the work has ended.</summary>
    public string? Report { get; private set; }

    /// <summary>A task that ends with the work, here or in another process.</summary>
    internal Task<bool> Completion => _completion.Value;

    /// <summary>Why there is no page; null when there is one.</summary>
    internal NbException? ReportError { get; private set; }

    // Work in another process is followed only when a command waits for it.
    private bool IsRunning => _completion.IsValueCreated ? !Completion.IsCompleted : Batch.IsLocked(Destination);

    /// <summary>Starts the work, which continues until it is done, stopped, or the process ends.</summary>
    /// <param name="batch">The work.</param>
    /// <param name="log">What it does, which its service writes to.</param>
    internal static NbBatch Start(Batch batch, BatchLog log) => new(batch, log);

    /// <summary>Reads a folder that this session does not work on.</summary>
    /// <param name="destination">Full path.</param>
    /// <param name="planner">Checks and prices the items.</param>
    internal static NbBatch At(string destination, ImageService planner) => new(destination, planner);

    /// <summary>Stops the work, here or in another process: nothing new is sent, and requests in flight are waited
    /// for.</summary>
    /// <param name="cancelJobs">Whether the service should end its jobs too.</param>
    /// <exception cref="NbException">Another process does the work, and the folder cannot be written.</exception>
    internal void Stop(bool cancelJobs)
    {
        if (!IsRunning) return;
        if (_batch is null) Batch.AskToStop(Destination, cancelJobs);
        else _batch.Stop(cancelJobs);
        _isStopping = true;
    }

    /// <summary>The next item that has ended; null when there is none now.</summary>
    internal BatchItem? Take() => _finished.TryDequeue(out BatchItem? item) ? item : null;

    /// <summary>Notices of the work that belong to no item; each is returned once.</summary>
    internal IEnumerable<string> TakeNotices() => _batch?.TakeNotices() ?? [];

    /// <summary>What was done since, for -Verbose; each line is given once.</summary>
    internal IEnumerable<string> TakeLog()
    {
        while (_log?.Take() is { } line) yield return line;
    }

    /// <summary>The next item for which the service wants a pause; null when there is none now.</summary>
    internal BatchItem? TakePausing() => _pausing.TryDequeue(out BatchItem? item) ? item : null;

    /// <inheritdoc/>
    public override string ToString() => Destination;

    // The state that needs action first: jobs to wait for, a run to continue, failures to look at.
    private static string Ended(BatchSummary summary, IReadOnlyList<BatchItem> items) =>
        summary.IsComplete ? "Completed"
        : summary.Submitted > 0 ? "Submitted"
        : summary.Pending + summary.Running > 0 || items.Any(item => item.IsHeldBack) ? "Stopped"
        : summary.Failed + summary.Blocked > 0 ? "Failed"
        : summary.Uncertain > 0 ? "Uncertain"
        : "Rejected";

    private async Task<bool> RunAsync()
    {
        using (_batch)
        {
            try
            {
                await foreach (BatchItem item in _batch!.RunAsync().ConfigureAwait(false))
                {
                    _log?.Add(new ItemLine(item));
                    if (item.IsFinal) _finished.Enqueue(item);
                    else if (item.Error is not null) _pausing.Enqueue(item);
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
        // The values read while another process worked on it are out of date.
        if (!_wasElsewhere && !Batch.IsLocked(Destination)) return true;
        await foreach (BatchPlan plan in Batch.WatchAsync(Destination, _planner!).ConfigureAwait(false)) See(plan);
        return true;
    }

    private void See(BatchPlan plan)
    {
        _plan = plan;
        foreach (BatchItem item in plan.Items.Where(item => item.IsFinal && _seen.Add(item.Name)))
        {
            _finished.Enqueue(item);
        }
    }

    // A page that cannot be written is not an error of the run: the pictures are saved.
    private void WriteReport(Batch batch)
    {
        try
        {
            Report = ReportPage.Export(batch, ErrorRecords.Words);
        }
        catch (NbException e)
        {
            ReportError = e;
        }
    }
}
