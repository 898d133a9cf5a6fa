using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Batches.Runs;

/// <summary>The state shared by submitting, polling and receiving: the open jobs, the money set aside for their items,
/// and the ways items end.</summary>
internal sealed class OpenJobs
{
    // The time for which the service keeps a job's results.
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    private readonly BatchRun _run;
    private readonly Dictionary<BatchNode, Reservation> _reserved = [];
    private readonly Queue<BatchItem> _published = new();

    public OpenJobs(BatchRun run)
    {
        _run = run;
        Store = new JobStore(run.Destination);
        Nodes = run.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        Open = [.. Store.ReadAll().Where(job => job.Items.Any(item => Nodes.ContainsKey(item.Name)))];
    }

    public JobStore Store { get; }

    public IReadOnlyDictionary<string, BatchNode> Nodes { get; }

    /// <summary>Jobs that have not been concluded.</summary>
    public List<JobRecord> Open { get; }

    /// <summary>Whether the remaining items wait until a first job has shown what its model costs.</summary>
    public bool IsProbing { get; private set; }

    public decimal Factor => _run.Service.Catalog.BatchPriceFactor;

    /// <summary>Queues a node whose state is to be published.</summary>
    public void Publish(BatchItem item) => _published.Enqueue(item);

    /// <summary>The states that were not published yet.</summary>
    public IEnumerable<BatchItem> TakePublished()
    {
        while (_published.TryDequeue(out BatchItem? item)) yield return item;
    }

    /// <summary>Sets aside money for an item.</summary>
    /// <returns>False when the budget does not allow it, which stops the run, or does not allow it before a job has
    /// shown what its model costs.</returns>
    public bool TryReserve(BatchNode node)
    {
        IsProbing = false;
        if (_reserved.ContainsKey(node)) return true;
        Budget budget = _run.Budget;
        if (budget.Limit is not null && node.Estimate is null)
        {
            _run.Stop(GenerationErrors.UnknownPrice(node.Name, node.Model.Id));
            return false;
        }
        if (budget.TryReserveInJob(node.Estimate, node.Model, Factor) is { } reservation)
        {
            _reserved.Add(node, reservation);
            return true;
        }
        IsProbing = budget.InFlight > 0 && !budget.HasSeen(node.Model);
        if (IsProbing) return false;
        decimal needed = budget.UsualCost(node.Estimate, node.Model, Factor);
        _run.Stop(budget.Refusal(node.Name, needed));
        return false;
    }

    /// <summary>Releases the money set aside for an item that was not spent; a null cost means that all of it may have
    /// been spent.</summary>
    public void Release(BatchNode node, decimal? spent)
    {
        if (_reserved.Remove(node, out Reservation? reserved)) reserved.Settle(spent);
    }

    /// <summary>Counts the estimate of what a later run will fetch as spent, because that run sets no money
    /// aside.</summary>
    public void LeaveOpen()
    {
        foreach ((BatchNode node, Reservation reserved) in _reserved)
        {
            reserved.Settle(node.State == BatchItemState.Submitted ? node.BatchEstimate : 0);
        }
        _reserved.Clear();
    }

    /// <summary>The items of a job that still wait for it.</summary>
    public IEnumerable<BatchNode> OpenNodes(JobRecord job) => job.Items
        .Select(item => Nodes.GetValueOrDefault(item.Name)).OfType<BatchNode>()
        .Where(node => node.State == BatchItemState.Submitted && IsOf(node, job)).ToArray();

    /// <summary>The node of a job's item without a result: it still waits, or was given up too early.</summary>
    public BatchNode? Waiting(JobRecord job, JobRecordItem item) =>
        Nodes.GetValueOrDefault(item.Name) is { State: BatchItemState.Submitted or BatchItemState.Uncertain } node
            && IsOf(node, job) ? node : null;

    /// <summary>Whether a job was started with the credential and at the address of this run; also true when its file
    /// does not say.</summary>
    public bool IsOurs(JobRecord job) => job.Owner is null || job.Owner == _run.Service.Client.Owner;

    /// <summary>Whether the service may still have a job's results: it keeps them for 48 hours.</summary>
    public bool IsKept(JobRecord job) => _run.Options.TimeProvider.GetUtcNow() - job.CreatedAt < KeptFor;

    private static bool IsOf(BatchNode node, JobRecord job) => (node.Job ?? node.Record?.Submitted?.Job) == job.Id;

    /// <summary>Ends an item that may have been billed without an answer.</summary>
    /// <param name="node">The item.</param>
    /// <param name="error">Why.</param>
    /// <param name="isCounted">Whether its money is on record already, with a picture that was kept apart.</param>
    public void MarkLost(BatchNode node, NbException error, bool isCounted = false)
    {
        Release(node, spent: isCounted ? 0 : null);
        _run.MarkUncertain(node, error, isCounted);
        End(node);
    }

    /// <summary>Publishes the end of an item, and of the items made from it.</summary>
    public void End(BatchNode node)
    {
        _published.Enqueue(node.ToItem());
        node.ReleaseImage();
        foreach (BatchNode changed in _run.OnSourceEnded(node))
        {
            if (changed.State != BatchItemState.Pending) _published.Enqueue(changed.ToItem());
        }
    }

    /// <summary>Removes a job: every item has its answer, or the service says to its owner that it is gone.</summary>
    public void Close(JobRecord job)
    {
        // Its file is removed only after the lines that replace it are on disk.
        _run.FlushLedger();
        Open.RemoveAll(open => open.Id == job.Id);
        Store.Remove(job);
    }

    /// <summary>Leaves a job to a later run.</summary>
    public void SetAside(JobRecord job, string why)
    {
        Open.RemoveAll(open => open.Id == job.Id);
        _run.Notify($"The job {job.Name ?? job.Id} is left for a later run: {why}");
    }

    /// <summary>Blocks everything that is still to be sent, if the run stops because of an error.</summary>
    public void BlockTheRest()
    {
        foreach (BatchNode node in _run.BlockPending()) _published.Enqueue(node.ToItem());
    }
}
