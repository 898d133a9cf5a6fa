using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Batches.Runs;

/// <summary>Makes the nodes of a batch by jobs at the service: in waves, since what is made from something needs its picture first.
/// A job is submitted (<see cref="JobSubmitter"/>), polled (<see cref="JobPoller"/>) and received (<see cref="JobReceiver"/>).</summary>
internal sealed class GeminiBatchRunner
{
    // Looks at one job that bring nothing before it is left for a later run. A good poll alone brings nothing.
    private const int MostFruitless = 5;

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(5);

    private readonly BatchWork _work;
    private readonly BatchOptions _options;
    private readonly JobDesk _desk;
    private readonly JobSubmitter _submitter;
    private readonly JobPoller _poller;
    private readonly JobReceiver _receiver;
    private readonly Dictionary<string, int> _fruitless = new(StringComparer.Ordinal);
    private readonly HashSet<(string Job, string ErrorId)> _said = [];

    public GeminiBatchRunner(BatchWork work)
    {
        _work = work;
        _options = work.Options;
        _desk = new JobDesk(work);
        _submitter = new JobSubmitter(work, _desk);
        _poller = new JobPoller(work, _desk);
        _receiver = new JobReceiver(work, _desk);
    }

    /// <summary>Fetches the results of jobs, and in batch mode submits what is ready, until nothing is left to do or to wait for.</summary>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan poll = _options.PollInterval;
        bool isCrowded = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool maySubmit = _options.Mode == BatchMode.Batch && !_work.IsStopping && _desk.Fatal is null && (_desk.Open.Count == 0 || isCrowded);
            if (maySubmit && Ready() is { Count: > 0 } ready)
            {
                isCrowded = !await _submitter.SubmitAsync(ready, cancellationToken).ConfigureAwait(false);
                poll = _options.PollInterval;
            }
            if (_desk.Fatal is not null) _desk.BlockTheRest(_desk.Fatal);
            foreach (BatchItem item in _desk.Told()) yield return item;
            if (_desk.Open.Count == 0 && (!isCrowded || _desk.Fatal is not null || _work.IsStopping)) break;

            int before = _desk.Open.Count;
            foreach (BatchJob job in _desk.Open.ToArray())
            {
                await foreach (BatchItem item in LookAtAsync(job, cancellationToken).ConfigureAwait(false)) yield return item;
            }
            if (_desk.Open.Count < before) continue;
            if (_desk.Stranded is not null || (!_work.IsCancelling && (_work.IsStopping || !_options.Wait))) break;
            if (_poller.MustCancel) continue;
            bool wasStopping = _work.IsStopping;
            await WaitAsync(poll, cancellationToken).ConfigureAwait(false);
            poll = wasStopping != _work.IsStopping ? _options.PollInterval : TimeSpan.FromTicks(Math.Min(poll.Ticks * 3 / 2, LongestPoll.Ticks));
        }
        // No item tells of it.
        if (_desk.Stranded is not null) throw _desk.Stranded;
    }

    private List<BatchNode> Ready() =>
        [.. _work.Nodes.Where(node => node.State == BatchItemState.Pending && node.Source is null or { HasImage: true })];

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(wait, _options.TimeProvider, woken.Token);
        // Who waits on while it is stopping waits for jobs that were cancelled.
        await (_work.IsStopping ? delay : Task.WhenAny(delay, _work.Stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await woken.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Asks how a job stands, and settles its items when it has ended: each as soon as its line of the results is read.</summary>
    private async IAsyncEnumerable<BatchItem> LookAtAsync(BatchJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GeminiBatch? state = null;
        if (job.Name is null && !_desk.IsOurs(job))
        {
            // Another key's list cannot have it.
            LeaveToOwner(job);
            yield break;
        }
        bool isAnswered = await TryAsync(job, async () => state = await _poller.AskAsync(job, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        if (isAnswered && state is { IsDone: true })
        {
            int waiting = _desk.OpenNodes(job).Count();
            var reading = new JobReading(job, state);
            IAsyncEnumerator<BatchResult> results = _receiver.ResultsAsync(reading, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (results.ConfigureAwait(false))
            {
                bool isMore = true;
                while (isMore)
                {
                    bool isRead = await TryAsync(job, async () => isMore = await results.MoveNextAsync().ConfigureAwait(false)).ConfigureAwait(false);
                    if (!isRead) isMore = isAnswered = false;
                    if (!isMore) break;
                    _receiver.Settle(reading, results.Current);
                    foreach (BatchItem item in _desk.Told()) yield return item;
                }
            }
            // A disk that refused results is no reason to forget the job that has them.
            _desk.Stranded ??= _work.Broken;
            bool isOver = false;
            if (isAnswered && _desk.Stranded is null)
            {
                await TryAsync(job, async () => isOver = await _receiver.ConcludeAsync(reading, cancellationToken).ConfigureAwait(false))
                    .ConfigureAwait(false);
                if (!isOver) Wait(job, state.HasResults ? "its results do not name every item yet" : "its results are not there yet");
            }
            if (_desk.OpenNodes(job).Count() < waiting) _fruitless.Remove(job.Id);
        }
        foreach (BatchItem item in _desk.Told()) yield return item;
    }

    /// <summary>Takes a step of looking at a job. Asking costs nothing and the results stay at the service, so most trouble is met by asking again.</summary>
    /// <returns>Whether it was taken.</returns>
    private async Task<bool> TryAsync(BatchJob job, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            return true;
        }
        catch (NbException e) when (!_desk.IsOurs(job) && e.Kind is NbErrorKind.ObjectNotFound or NbErrorKind.PermissionDenied)
        {
            // What this key, or this address, does not have proves nothing.
            LeaveToOwner(job);
        }
        catch (NbException e) when (e.ErrorId is "Nb.Service.NotFound" && e.ServerStatus is not null)
        {
            // The service itself says so, to the job's owner.
            foreach (BatchNode node in _desk.OpenNodes(job)) _desk.Lose(node, JobErrors.Gone(node.Name, job.Name ?? job.Id, e));
            if (_desk.IsKept(job)) _desk.SetAside(job, "the service does not know it. A run within 48 hours of its start asks once more.");
            else _desk.Close(job);
        }
        catch (NbException e) when (e.IsAccountWide)
        {
            _desk.Fatal ??= e;
            _desk.Stranded = e;
        }
        catch (NbException e)
        {
            bool isPassing = e.IsRetryable || e.Kind is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout;
            if (isPassing && e.ErrorId != AnswerErrors.DownloadBrokenId) Say(job, e.ErrorId, e.Message);
            else Wait(job, e.Message);
        }
        return false;
    }

    private void LeaveToOwner(BatchJob job) => _desk.SetAside(
        job, $"it was started {(job.Address is null ? "" : $"at {job.Address} ")}with another key. Run the batch with that one to fetch its results.");

    /// <summary>Counts a look that brought nothing; in the end the job is left for a later run.</summary>
    private void Wait(BatchJob job, string why)
    {
        int tries = _fruitless[job.Id] = _fruitless.GetValueOrDefault(job.Id) + 1;
        if (tries >= MostFruitless) _desk.SetAside(job, why);
        else Say(job, why, why);
    }

    // Once for each cause: a loop that says nothing looks like one that hangs.
    private void Say(BatchJob job, string cause, string why)
    {
        if (_said.Add((job.Id, cause))) _work.Notify($"The job {job.Name ?? job.Id} is asked again in a while: {why}");
    }
}
