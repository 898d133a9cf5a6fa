using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Batches.Runs;

/// <summary>Makes the nodes of a batch by jobs at the service, in waves, because an edit needs its source's picture
/// first. A job is submitted (<see cref="JobSubmitter"/>), polled (<see cref="JobPoller"/>) and received
/// (<see cref="JobReceiver"/>).</summary>
internal sealed class GeminiJobRunner
{
    // How many polls of a job may fail before it is left to a later run.
    private const int MostFruitless = 5;

    // A message names at most this many items.
    private const int MostNamed = 5;

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(5);

    private readonly BatchRun _run;
    private readonly BatchOptions _options;
    private readonly OpenJobs _openJobs;
    private readonly JobSubmitter _submitter;
    private readonly JobPoller _poller;
    private readonly JobReceiver _receiver;
    private readonly Dictionary<string, int> _fruitless = new(StringComparer.Ordinal);
    private readonly HashSet<(string Job, string ErrorId)> _said = [];
    private TimeSpan _poll;

    public GeminiJobRunner(BatchRun run)
    {
        _run = run;
        _options = run.Options;
        _openJobs = new OpenJobs(run);
        _submitter = new JobSubmitter(run, _openJobs);
        _poller = new JobPoller(run, _openJobs);
        _receiver = new JobReceiver(run, _openJobs);
    }

    /// <summary>Fetches the results of jobs, and in batch mode submits the nodes that are ready, until nothing is left
    /// to do or to wait for.</summary>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (BatchItem item in WorkAsync(cancellationToken).ConfigureAwait(false)) yield return item;
        }
        finally
        {
            _openJobs.LeaveOpen();
        }
    }

    private async IAsyncEnumerable<BatchItem> WorkAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _poll = _options.PollInterval;
        bool isCrowded = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Received pictures are composed and checked first, so that further tries are part of the next job.
            if (_run.StopReason is null && _run.Nodes.Any(node => node.IsUnfinished))
            {
                await foreach (BatchItem item in new LiveRunner(_run, isFetching: true).RunAsync(cancellationToken)
                    .ConfigureAwait(false)) yield return item;
            }
            bool maySubmit = _options.Mode == BatchMode.Batch && _run.StopReason is null
                && (_openJobs.Open.Count == 0 || isCrowded);
            if (maySubmit)
            {
                List<BatchNode> ready = Ready();
                // With nothing left to submit, there is no need to wait for room.
                isCrowded = ready.Count > 0
                    && !await _submitter.SubmitAsync(ready, cancellationToken).ConfigureAwait(false);
                if (ready.Count > 0) _poll = _options.PollInterval;
            }
            _openJobs.BlockTheRest();
            foreach (BatchItem item in _openJobs.TakePublished()) yield return item;
            if (_openJobs.Open.Count == 0 && (!isCrowded || _run.StopReason is not null)) break;

            int before = _openJobs.Open.Count;
            foreach (JobRecord job in _openJobs.Open.ToArray())
            {
                await foreach (BatchItem item in LookAtAsync(job, cancellationToken)
                    .ConfigureAwait(false)) yield return item;
            }
            if (_openJobs.Open.Count < before) continue;
            StopReason? reason = _run.StopReason;
            bool isWaiting = reason is { IsAsked: true } ? reason.CancelsJobs : _options.Wait;
            if (reason is { BlocksFetching: true } || !isWaiting) break;
            if (_poller.MustCancel) continue;
            bool wasAsked = _run.Stopping.IsCompleted;
            await WaitAsync(_poll, cancellationToken).ConfigureAwait(false);
            _poll = wasAsked != _run.Stopping.IsCompleted ? _options.PollInterval : Next(_poll);
        }
        // Reported as a notice, because no item reports it.
        if (_openJobs.Open.Count > 0 && _run.StopReason is { BlocksFetching: true, Error: { } error }) throw error;
    }

    private List<BatchNode> Ready() =>
        [.. _run.Nodes.Where(node =>
            node is { State: BatchItemState.Pending, IsUnfinished: false }
                && node.Source is null or { HasImage: true })];

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(wait, _options.TimeProvider, woken.Token);
        // While stopping, the run still waits for jobs that were canceled.
        await (_run.Stopping.IsCompleted ? delay : Task.WhenAny(delay, _run.Stopping))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await woken.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Polls a job and, when it has ended, settles each item as soon as its line of the results is
    /// read.</summary>
    private async IAsyncEnumerable<BatchItem> LookAtAsync(JobRecord job,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GeminiJob? state = null;
        if (job.Name is null && !_openJobs.IsOurs(job))
        {
            // The job was created with another key, so this key's list cannot have it.
            LeaveToOwner(job);
            yield break;
        }
        bool isAnswered =
            await TryAsync(job, async () =>
            state = await _poller.AskAsync(job, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        if (isAnswered && state is { IsDone: true })
        {
            int waiting = _openJobs.OpenNodes(job).Count();
            var reading = new JobReading(job, state);
            IAsyncEnumerator<BatchResult> results = _receiver.ResultsAsync(reading, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (results.ConfigureAwait(false))
            {
                bool isMore = true;
                while (isMore)
                {
                    bool isRead =
                        await TryAsync(job, async () => isMore = await results.MoveNextAsync().ConfigureAwait(false),
                            isOfResults: true).ConfigureAwait(false);
                    if (!isRead) isMore = isAnswered = false;
                    if (!isMore) break;
                    _receiver.Settle(reading, results.Current);
                    foreach (BatchItem item in _openJobs.TakePublished()) yield return item;
                }
            }
            // If results could not be saved, the job's record is kept.
            bool isOver = false;
            if (isAnswered && !_run.IsFetchBlocked)
            {
                await TryAsync(job, async () =>
                    isOver = await _receiver.ConcludeAsync(reading, cancellationToken).ConfigureAwait(false))
                    .ConfigureAwait(false);
                if (!isOver)
                {
                    Wait(job, state.HasResults ? $"its results do not name {Missing(job)} yet"
                        : "its results are not there yet");
                }
            }
            if (_openJobs.OpenNodes(job).Count() < waiting) _fruitless.Remove(job.Id);
        }
        foreach (BatchItem item in _openJobs.TakePublished()) yield return item;
    }

    /// <summary>Runs one step of polling a job. Polling is free and the results stay at the service, so most failures
    /// are handled by polling again.</summary>
    /// <returns>Whether the step succeeded.</returns>
    private async Task<bool> TryAsync(JobRecord job, Func<Task> step, bool isOfResults = false)
    {
        try
        {
            await step().ConfigureAwait(false);
            return true;
        }
        catch (NbException e)
            when (!_openJobs.IsOurs(job) && e.Kind is NbErrorKind.ObjectNotFound or NbErrorKind.PermissionDenied)
        {
            // The job may exist under another key or address, so this answer proves nothing.
            LeaveToOwner(job);
        }
        catch (NbException e) when (isOfResults && e.ErrorId is "Nb.Service.NotFound" && _openJobs.IsKept(job))
        {
            // The job exists, so its file is late rather than gone.
            Wait(job, "its results are not there yet");
        }
        catch (NbException e) when (e.ErrorId is "Nb.Service.NotFound" && e.ServerStatus is not null)
        {
            // The service itself says to the job's owner that it is gone.
            foreach (BatchNode node in _openJobs.OpenNodes(job))
            {
                _openJobs.MarkLost(node, JobErrors.Gone(node.Name, job.Name ?? job.Id, e));
            }
            if (_openJobs.IsKept(job))
            {
                _openJobs.SetAside(job,
                    "the service does not know it. A run within 48 hours of its start asks once more.");
            }
            else _openJobs.Close(job);
        }
        catch (NbException e) when (e.IsAccountWide)
        {
            _run.BlockFetching(e);
        }
        catch (NbException e)
        {
            bool isPassing = e.IsRetryable || e.Kind is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout;
            if (isPassing && e.ErrorId != AnswerErrors.DownloadBrokenId) Say(job, e.ErrorId, e.Message);
            else Wait(job, e.Message);
        }
        return false;
    }

    private void LeaveToOwner(JobRecord job) => _openJobs.SetAside(
        job, $"it was started {(job.Address is null ? "" : $"at {job.Address} ")}with another key. Run the batch with that one to fetch its results.");

    /// <summary>Counts a failed poll; after too many the job is left to a later run.</summary>
    private void Wait(JobRecord job, string why)
    {
        int tries = _fruitless[job.Id] = _fruitless.GetValueOrDefault(job.Id) + 1;
        if (tries >= MostFruitless) _openJobs.SetAside(job, why);
        else Say(job, why, $"{why.TrimEnd('.')}. It is asked for {Readable.Duration(Patience(MostFruitless - tries))} at most, "
            + "then left to a later run.");
    }

    // How long the given number of polls takes.
    private TimeSpan Patience(int looks)
    {
        (TimeSpan all, TimeSpan poll) = (TimeSpan.Zero, _poll);
        for (; looks > 0; looks--, poll = Next(poll)) all += poll;
        return all;
    }

    private static TimeSpan Next(TimeSpan poll) =>
        TimeSpan.FromTicks(Math.Min(poll.Ticks * 3 / 2, LongestPoll.Ticks));

    private string Missing(JobRecord job)
    {
        string[] names = [.. _openJobs.OpenNodes(job).Select(node => $"'{node.Name}'")];
        return string.Join(", ", names.Take(MostNamed))
            + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");
    }

    // Reported once for each cause, because a silent loop seems to hang.
    private void Say(JobRecord job, string cause, string why)
    {
        if (_said.Add((job.Id, cause))) _run.Notify($"The job {job.Name ?? job.Id} is asked again in a while: {why}");
    }
}
