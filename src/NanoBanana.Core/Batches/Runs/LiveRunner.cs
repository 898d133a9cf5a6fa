using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Runs;

/// <summary>Makes the nodes of a batch by parallel requests. Pulled: between two items it only goes on with what is in the air.</summary>
internal sealed class LiveRunner
{
    // So often an item waits when its retries are used up and the service still says too many requests.
    private const int MostRounds = 8;

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(10);

    private readonly BatchWork _work;
    private readonly BatchOptions _options;
    private readonly ImageService _service;
    private readonly AdaptiveThrottle _throttle;
    private readonly MinuteWindow _requests;
    private readonly MinuteWindow _spend;
    private readonly LinkedList<BatchNode> _ready = new();
    private readonly Dictionary<Task<Attempt>, Attempt> _running = [];
    private readonly Dictionary<BatchNode, int> _rounds = [];
    private readonly Queue<BatchItem> _tell = new();
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private NbException? _fatal;

    public LiveRunner(BatchWork work)
    {
        _work = work;
        _options = work.Options;
        _throttle = new AdaptiveThrottle(Math.Max(1, _options.ThrottleLimit), Time);
        _requests = new MinuteWindow(_options.RequestsPerMinute, Time);
        _spend = new MinuteWindow(_options.MaxCostPerMinute, Time);
        GeminiClientOptions options = work.Service.Client.Options;
        _service = work.Service.With(options with
        {
            Observe = step =>
            {
                Observe(step);
                options.Observe?.Invoke(step);
            },
        });
    }

    private TimeProvider Time => _options.TimeProvider;

    /// <summary>Makes everything that can be made, telling of every change of a node.</summary>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (BatchNode node in _work.Nodes)
        {
            if (node.State == BatchItemState.Pending && node.Source is null or { HasImage: true }) _ready.AddLast(node);
        }
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (true)
            {
                TimeSpan wait = Timeout.InfiniteTimeSpan;
                while (!_work.IsStopping && !cancellationToken.IsCancellationRequested && _fatal is null && _ready.First is { } next)
                {
                    if (!TryBegin(next.Value, abort.Token, out wait)) break;
                    _ready.Remove(next);
                    while (_tell.TryDequeue(out BatchItem? begun)) yield return begun;
                }
                if (_fatal is not null && _running.Count == 0) BlockTheRest(_fatal);
                while (_tell.TryDequeue(out BatchItem? item)) yield return item;
                bool isWaiting = wait > TimeSpan.Zero && !_work.IsStopping && !cancellationToken.IsCancellationRequested && _fatal is null;
                if (_running.Count == 0 && !isWaiting) break;

                await WaitAsync(isWaiting ? wait : null, cancellationToken).ConfigureAwait(false);
                foreach (Task<Attempt> done in _running.Keys.Where(task => task.IsCompleted).ToArray())
                {
                    _running.Remove(done);
                    Settle(await done.ConfigureAwait(false));
                }
            }
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            // Who stopped pulling wants no more; what is in the air ends and is on record as uncertain.
            await abort.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_running.Keys).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(TimeSpan? wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> any = [.. _running.Keys, _work.Stopping];
        // While something is in the air, a cancelled token ends it, and with it this wait.
        any.Add(Task.Delay(wait ?? Timeout.InfiniteTimeSpan, Time, wait is null && _running.Count > 0 ? default : woken.Token));
        if (_work.Stopping.IsCompleted) any.Remove(_work.Stopping);
        await Task.WhenAny(any).ConfigureAwait(false);
        await woken.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Begins a node when there is room and money for it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="abort">Ends it at once.</param>
    /// <param name="wait">How long until it may be begun; infinite when something in the air has to end first.</param>
    private bool TryBegin(BatchNode node, CancellationToken abort, out TimeSpan wait)
    {
        wait = Timeout.InfiniteTimeSpan;
        if (_running.Count >= _throttle.Limit) return false;
        decimal bound = _work.Budget.BoundFor(node.Estimate, node.Model);
        TimeSpan pause = _notBefore - Time.GetUtcNow();
        wait = new[] { pause, _requests.WaitFor(1), _spend.WaitFor(bound) }.Max();
        if (wait > TimeSpan.Zero) return false;
        wait = Timeout.InfiniteTimeSpan;
        if (_work.Budget.Limit is not null && node.Estimate is null)
        {
            Fail(node, GenerationErrors.UnknownPrice(node.Name, node.Model.Id), BatchItemState.Blocked);
            return true;
        }
        if (!_work.Budget.TryReserve(bound))
        {
            // What is in the air may turn out cheaper than what was set aside for it.
            if (_running.Count > 0) return false;
            _fatal = GenerationErrors.OverBudget(node.Name, bound, _work.Budget.Spent, _work.Budget.Limit!.Value);
            return false;
        }
        _requests.Add(1);
        _spend.Add(bound);
        node.State = BatchItemState.Running;
        _tell.Enqueue(node.ToItem());
        var attempt = new Attempt(node, Time.GetUtcNow()) { Reserved = bound };
        _running.Add(Task.Run(() => MakeAsync(attempt, abort), CancellationToken.None), attempt);
        return true;
    }

    /// <summary>Makes one node. Never throws: the outcome is in the node.</summary>
    private async Task<Attempt> MakeAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        BatchNode node = attempt.Node;
        decimal? cost = null;
        try
        {
            PreparedRequest request = _work.Prepare(node);
            cancellationToken.ThrowIfCancellationRequested();
            attempt.Submitted = new LedgerEvent
            {
                Kind = LedgerEventKind.Submitted,
                Item = node.Name,
                Key = node.Key,
                Fingerprint = request.Fingerprint,
                Model = request.Model.Id,
                Mode = BatchMode.Live,
                Estimate = request.EstimatedCost,
            };
            Attempt.Current.Value = attempt;
            (PreparedRequest sent, Answer answer) = await _service
                .AnswerAsync(request, _work.Saver.SinkOf(node), () => OnSending(attempt), cancellationToken).ConfigureAwait(false);
            ImmutableArray<NbImage> images;
            try
            {
                images = ImageReader.Read(sent, answer, Time.GetUtcNow());
            }
            catch (NbException e)
            {
                cost = e.Cost;
                throw;
            }
            finally
            {
                attempt.IsInAir = false;
            }
            cost = images.Sum(image => image.Cost);
            if (cost is { } paid && request.EstimatedCost is { } estimate) _work.Budget.Learn(node.Model, paid - estimate);
            _throttle.OnAnswered();
            _work.Save(node, images, cost, BatchMode.Live);
        }
        catch (OperationCanceledException)
        {
            if (attempt.IsInAir) _work.MarkUncertain(node, BatchErrors.Uncertain(node.Name, attempt.Begun));
            else node.State = BatchItemState.Pending;
        }
        catch (NbException e) when (e.IsUncertain)
        {
            attempt.IsInAir = true;
            _work.MarkUncertain(node, e);
        }
        catch (NbException e) when (e.ErrorId == "Nb.Service.RateLimited")
        {
            OnRefused(attempt, e.ErrorId);
            attempt.Limited = e;
        }
        catch (NbException e)
        {
            attempt.IsInAir = false;
            if (BatchWork.IsFatal(e)) attempt.Fatal = e;
            _work.MarkFailed(node, e, cost);
        }
        catch (Exception e)
        {
            // A mistake of this library must not lose the others' pictures, nor hide that this one may have been paid for.
            NbException error = NbErrors.Unexpected(e);
            if (attempt.IsInAir) _work.MarkUncertain(node, error);
            else _work.MarkFailed(node, error, cost);
        }
        _work.Budget.Settle(attempt.Reserved, cost ?? (attempt.IsInAir ? attempt.Reserved : 0));
        node.Cost = cost;
        return attempt;
    }

    private void Settle(Attempt attempt)
    {
        BatchNode node = attempt.Node;
        _fatal ??= attempt.Fatal ?? _work.Broken;
        if (attempt.Limited is { } limited)
        {
            int round = _rounds[node] = _rounds.GetValueOrDefault(node) + 1;
            if (round > MostRounds)
            {
                _work.MarkFailed(node, limited, cost: null);
            }
            else
            {
                node.State = BatchItemState.Pending;
                _ready.AddFirst(node);
                _notBefore = Time.GetUtcNow() + (limited.RetryAfter ?? DefaultPause);
                return;
            }
        }
        _tell.Enqueue(node.ToItem());
        if (node.State == BatchItemState.Pending) return;
        // What nothing is made from any more need not be held; it can be read again from its file.
        if (node.Children.Count == 0) node.Image = null;
        OnEnded(node);
    }

    private void Fail(BatchNode node, NbException error, BatchItemState state)
    {
        node.State = state;
        node.Error = error;
        _tell.Enqueue(node.ToItem());
        OnEnded(node);
    }

    private void OnEnded(BatchNode node)
    {
        foreach (BatchNode changed in _work.OnSourceEnded(node))
        {
            if (changed.State == BatchItemState.Pending) _ready.AddLast(changed);
            else _tell.Enqueue(changed.ToItem());
        }
    }

    private void BlockTheRest(NbException fatal)
    {
        _ready.Clear();
        foreach (BatchNode node in _work.BlockPending(fatal)) _tell.Enqueue(node.ToItem());
    }

    // From here on it may be billed: nothing is sent that is not on record.
    private void OnSending(Attempt attempt)
    {
        _work.Log(attempt.Submitted!);
        attempt.IsInAir = true;
    }

    private void OnRefused(Attempt attempt, string? errorId)
    {
        attempt.IsInAir = false;
        _work.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = attempt.Node.Name, ErrorId = errorId });
    }

    private void Observe(ClientEvent step)
    {
        // An upload names no model; it is free, and its troubles are its own.
        if (Attempt.Current.Value is not { } attempt || step.Model is null) return;
        switch (step.Kind)
        {
            case ClientEventKind.Sending when step.Attempt > 1:
                attempt.Begun = Time.GetUtcNow();
                attempt.IsInAir = true;
                _work.TryLog(attempt.Submitted!);
                break;
            case ClientEventKind.Retrying:
                if (step.Status == 429) _throttle.OnLimited(attempt.Begun);
                // Tried again only because it was not carried out: from here on it is not in the air.
                OnRefused(attempt, step.ErrorId);
                break;
            case ClientEventKind.Failed when step.Status == 429:
                _throttle.OnLimited(attempt.Begun);
                break;
        }
    }
}
