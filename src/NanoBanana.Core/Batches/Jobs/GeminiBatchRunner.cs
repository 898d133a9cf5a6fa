using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Batches;

/// <summary>Makes the nodes of a batch by jobs at the service: in waves, since what is made from something needs its picture first.</summary>
internal sealed class GeminiBatchRunner
{
    // So often an item that failed inside a job is put into another one.
    private const int MostRounds = 3;

    // So often, and so long at least, a job whose creation got no answer is looked for: it may be listed late.
    private const int MostLooks = 6;

    // So often in a row an answer is met that makes no sense.
    private const int MostTroubles = 5;

    private static readonly TimeSpan LeastDoubt = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(5);

    private readonly BatchWork _work;
    private readonly BatchOptions _options;
    private readonly GeminiClient _client;
    private readonly JobStore _store;
    private readonly UploadCache _uploads;
    private readonly Dictionary<string, BatchNode> _nodes;
    private readonly Dictionary<BatchNode, int> _rounds = [];
    private readonly Dictionary<BatchNode, decimal> _reserved = [];
    private readonly List<BatchJob> _open;
    private readonly Queue<BatchItem> _tell = new();
    private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);
    private int _troubles;

    // Why nothing more is submitted.
    private NbException? _fatal;

    // Why not even what is at the service can be fetched now. It stays there for another run.
    private NbException? _stranded;

    public GeminiBatchRunner(BatchWork work)
    {
        _work = work;
        _options = work.Options;
        _client = work.Service.Client;
        _store = new JobStore(work.Destination);
        _uploads = new UploadCache(work.Destination, _client, Time);
        _nodes = work.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        _open = [.. _store.ReadAll().Where(job => job.Items.Any(item => _nodes.ContainsKey(item.Name)))];
    }

    private TimeProvider Time => _options.TimeProvider;

    private decimal Factor => _work.Service.Catalogue.BatchPriceFactor;

    /// <summary>Fetches the results of jobs, and in batch mode submits what is ready, until nothing is left to do or to wait for.</summary>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan poll = _options.PollInterval;
        bool isCrowded = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool maySubmit = _options.Mode == BatchMode.Batch && !_work.IsStopping && _fatal is null && (_open.Count == 0 || isCrowded);
            if (maySubmit && Ready() is { Count: > 0 } ready)
            {
                isCrowded = !await SubmitAsync(ready, cancellationToken).ConfigureAwait(false);
                poll = _options.PollInterval;
            }
            if (_fatal is not null) BlockTheRest(_fatal);
            while (_tell.TryDequeue(out BatchItem? item)) yield return item;
            if (_open.Count == 0 && (!isCrowded || _fatal is not null || _work.IsStopping)) break;

            int before = _open.Count;
            foreach (BatchJob job in _open.ToArray())
            {
                await foreach (BatchItem item in LookAtAsync(job, cancellationToken).ConfigureAwait(false)) yield return item;
            }
            if (_open.Count < before) continue;
            if (_stranded is not null || (!_work.IsCancelling && (_work.IsStopping || !_options.Wait))) break;
            if (_work.IsCancelling && _open.Any(job => job.Name is not null && !_cancelled.Contains(job.Id))) continue;
            bool wasStopping = _work.IsStopping;
            await WaitAsync(poll, cancellationToken).ConfigureAwait(false);
            poll = wasStopping != _work.IsStopping ? _options.PollInterval : TimeSpan.FromTicks(Math.Min(poll.Ticks * 3 / 2, LongestPoll.Ticks));
        }
        // No item tells of it.
        if (_stranded is not null) throw _stranded;
    }

    private List<BatchNode> Ready() =>
        [.. _work.Nodes.Where(node => node.State == BatchItemState.Pending && node.Source is null or { HasImage: true })];

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(wait, Time, woken.Token);
        // Who waits on while it is stopping waits for jobs that were cancelled.
        await (_work.IsStopping ? delay : Task.WhenAny(delay, _work.Stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await woken.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Submits nodes, one job for each model and each file that is full.</summary>
    /// <returns>False when the service takes no more jobs for now.</returns>
    private async Task<bool> SubmitAsync(List<BatchNode> ready, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, BatchNode> model in ready.GroupBy(node => node.Model.Id, StringComparer.Ordinal))
        {
            var rest = new Queue<BatchNode>(model);
            while (rest.Count > 0 && _fatal is null)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"nb-{Time.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid():N}")[..28];
                var input = new JobInput(id, _store.InputPath(id));
                await using (input.ConfigureAwait(false))
                {
                    await FillAsync(input, rest, cancellationToken).ConfigureAwait(false);
                    if (input.Nodes.Count > 0 && !await CreateAsync(input, model.Key, cancellationToken).ConfigureAwait(false)) return false;
                }
            }
        }
        return true;
    }

    private async Task FillAsync(JobInput input, Queue<BatchNode> rest, CancellationToken cancellationToken)
    {
        while (_fatal is null && rest.TryPeek(out BatchNode? node))
        {
            if (!TryReserve(node)) break;
            try
            {
                PreparedRequest request = _work.Prepare(node);
                GenerateCall call = await _uploads.UploadAsync(request.Call, cancellationToken).ConfigureAwait(false);
                if (!await input.TryAddAsync(node, request, call, cancellationToken).ConfigureAwait(false)) return;
            }
            catch (NbException e)
            {
                Release(node, spent: 0);
                if (BatchWork.IsFatal(e)) _fatal = e;
                _work.MarkFailed(node, e, cost: null, BatchMode.Batch);
                End(node);
            }
            rest.Dequeue();
        }
    }

    private bool TryReserve(BatchNode node)
    {
        if (_reserved.ContainsKey(node)) return true;
        decimal bound = _work.Budget.BoundFor(node.Estimate, node.Model, Factor);
        if (_work.Budget.Limit is not null && node.Estimate is null)
        {
            _fatal = NbErrors.BudgetUnknownPrice(node.Name, node.Model.Id);
            return false;
        }
        if (!_work.Budget.TryReserve(bound))
        {
            _fatal = NbErrors.BudgetExceeded(node.Name, bound, _work.Budget.Committed, _work.Budget.Limit!.Value);
            return false;
        }
        _reserved.Add(node, bound);
        return true;
    }

    private void Release(BatchNode node, decimal? spent)
    {
        if (_reserved.Remove(node, out decimal reserved)) _work.Budget.Settle(reserved, spent ?? reserved);
    }

    /// <summary>Starts a job.</summary>
    /// <returns>False when the service takes no more jobs for now: nothing was submitted then.</returns>
    private async Task<bool> CreateAsync(JobInput input, string model, CancellationToken cancellationToken)
    {
        BatchJob? job = null;
        _uploads.Save();
        try
        {
            Blob file = await input.CompleteAsync().ConfigureAwait(false);
            GeminiFile uploaded = await _client.UploadAsync(file, "application/jsonl", input.Id, cancellationToken).ConfigureAwait(false);
            job = new BatchJob
            {
                Id = input.Id,
                Model = model,
                Input = uploaded.Name,
                CreatedAt = Time.GetUtcNow(),
                Items = input.Items,
            };
            // On record before it is sent: should the answer be lost, the job is found by its name.
            _store.Write(job);
            LogSubmitted(input, job);
            GeminiBatch created = await _client.CreateBatchAsync(model, uploaded.Name, input.Id, cancellationToken).ConfigureAwait(false);
            job = job with { Name = created.Name };
            _open.Add(job);
        }
        catch (NbException e) when (e.IsUncertain && job is not null)
        {
            // Looked for by its name from now on.
            _open.Add(job);
        }
        catch (NbException e)
        {
            if (job is not null) _store.Remove(job);
            bool isCrowded = e.ErrorId == "Nb.Service.RateLimited" && _open.Count > 0;
            if (!isCrowded && BatchWork.IsFatal(e)) _fatal = e;
            foreach (BatchNode node in input.Nodes)
            {
                Release(node, spent: 0);
                if (isCrowded)
                {
                    _work.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name, ErrorId = e.ErrorId });
                    continue;
                }
                _work.MarkFailed(node, e, cost: null, BatchMode.Batch);
                End(node);
            }
            return !isCrowded;
        }
        TryKeep(job);
        foreach (BatchNode node in input.Nodes)
        {
            node.State = BatchItemState.Submitted;
            node.Job = job.Id;
            _tell.Enqueue(node.ToItem());
        }
        return true;
    }

    // Without its name at the service the job is found by its own.
    private void TryKeep(BatchJob job)
    {
        try
        {
            _store.Write(job);
        }
        catch (NbException e)
        {
            _stranded ??= e;
        }
    }

    private void LogSubmitted(JobInput input, BatchJob job)
    {
        for (int i = 0; i < input.Nodes.Count; i++)
        {
            BatchNode node = input.Nodes[i];
            _work.Log(new LedgerEvent
            {
                Kind = LedgerEventKind.Submitted,
                Item = node.Name,
                Key = node.Key,
                Fingerprint = job.Items[i].Fingerprint,
                Model = job.Model,
                Mode = BatchMode.Batch,
                Job = job.Id,
                Estimate = node.Estimate,
            }, flush: i == input.Nodes.Count - 1);
        }
    }

    /// <summary>Asks how a job stands, and settles its items when it has ended: each as soon as its line of the results is read.</summary>
    private async IAsyncEnumerable<BatchItem> LookAtAsync(BatchJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GeminiBatch? state = null;
        bool isAnswered = await TryAsync(job, async () => state = await AskAsync(job, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        if (isAnswered && state is { IsDone: true })
        {
            int answers = 0;
            IAsyncEnumerator<BatchResult> results = ResultsAsync(job, state.ResponsesFile, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (results.ConfigureAwait(false))
            {
                bool isMore = true;
                while (isMore)
                {
                    bool isRead = await TryAsync(job, async () => isMore = await results.MoveNextAsync().ConfigureAwait(false)).ConfigureAwait(false);
                    if (!isRead) isMore = isAnswered = false;
                    if (!isMore) break;
                    if (results.Current.Answer is not null) answers++;
                    Settle(job, results.Current);
                    while (_tell.TryDequeue(out BatchItem? item)) yield return item;
                }
            }
            // A disk that refused results is no reason to forget the job that has them.
            _stranded ??= _work.Broken;
            if (isAnswered && _stranded is null) await ConcludeAsync(job, state, answers, cancellationToken).ConfigureAwait(false);
        }
        while (_tell.TryDequeue(out BatchItem? item)) yield return item;
    }

    /// <summary>Asks how a job stands; null while nobody can tell whether it was started.</summary>
    private async Task<GeminiBatch?> AskAsync(BatchJob job, CancellationToken cancellationToken)
    {
        if (job.Name is null)
        {
            string? name = await FindAsync(job, cancellationToken).ConfigureAwait(false);
            BatchJob looked = job with { Name = name, Looks = job.Looks + 1 };
            if (name is null && looked.Looks >= MostLooks && Time.GetUtcNow() - job.CreatedAt >= LeastDoubt)
            {
                // A job that was never started would be asked for on and on.
                foreach (BatchNode node in OpenNodes(job)) Lose(node, NbErrors.BatchUncertain(node.Name, job.CreatedAt));
                Close(job);
                return null;
            }
            _store.Write(looked);
            _open[_open.FindIndex(open => open.Id == job.Id)] = job = looked;
            if (name is null) return null;
        }
        if (_work.IsCancelling && _cancelled.Add(job.Id)) await CancelAsync(job.Name!, cancellationToken).ConfigureAwait(false);
        return await _client.GetBatchAsync(job.Name!, cancellationToken).ConfigureAwait(false);
    }

    private async Task CancelAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CancelBatchAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException e) when (!BatchWork.IsFatal(e))
        {
            // It may have ended a moment ago. If it goes on, it is waited for as if nobody had cancelled it.
        }
    }

    /// <summary>Takes a step of looking at a job. Asking costs nothing and the results stay at the service, so most trouble is met by asking again.</summary>
    /// <returns>Whether it was taken.</returns>
    private async Task<bool> TryAsync(BatchJob job, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            _troubles = 0;
            return true;
        }
        catch (NbException e) when (e.ErrorId is "Nb.Service.NotFound")
        {
            foreach (BatchNode node in OpenNodes(job)) Lose(node, NbErrors.JobGone(node.Name, job.Name ?? job.Id, e));
            Close(job);
        }
        catch (NbException e) when (BatchWork.IsFatal(e))
        {
            _fatal ??= e;
            _stranded = e;
        }
        catch (NbException e)
        {
            bool isPassing = e.IsRetryable || e.Kind is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout;
            if (isPassing || ++_troubles < MostTroubles) return false;
            _fatal ??= e;
            _stranded = e;
        }
        return false;
    }

    private async Task<string?> FindAsync(BatchJob job, CancellationToken cancellationToken)
    {
        await foreach (GeminiBatch known in _client.ListBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (known.DisplayName == job.Id) return known.Name;
        }
        return null;
    }

    /// <summary>Reads the results line by line, each picture straight into a file.</summary>
    private async IAsyncEnumerable<BatchResult> ResultsAsync(
        BatchJob job, string? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (file is null) yield break;
        Stream lines = await _client.DownloadAsync(file, cancellationToken).ConfigureAwait(false);
        await using (lines.ConfigureAwait(false))
        {
            // What was settled before a crash leaves nothing on disk.
            BlobSink SinkOf(int index, string? key) => OpenNode(job, index, key) is ({ } node, _) ? _work.Saver.SinkOf(node) : BlobSink.Memory;
            await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, SinkOf, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
    }

    // What was settled before a crash, or is no longer part of the manifest, stays as it is.
    private (BatchNode? Node, BatchJobItem? Item) OpenNode(BatchJob job, int index, string? key)
    {
        BatchJobItem? item = key is not null ? job.Items.FirstOrDefault(item => item.Name == key)
            : index < job.Items.Length ? job.Items[index]
            : null;
        bool isOpen = item is not null && _nodes.TryGetValue(item.Name, out BatchNode? node) && node.State == BatchItemState.Submitted;
        return isOpen ? (_nodes[item!.Name], item) : (null, null);
    }

    /// <summary>Tells the end of a job to the items it gave no result for.</summary>
    private async Task ConcludeAsync(BatchJob job, GeminiBatch state, int answers, CancellationToken cancellationToken)
    {
        NbException? error = state.State == "SUCCEEDED" ? null : NbErrors.JobEnded(state.Name, state.State, state.Error);
        // Done, so billed, and not in the results: nobody can tell which.
        bool isShort = error is null || state.SucceededCount > answers;
        foreach (BatchNode node in OpenNodes(job))
        {
            if (isShort)
            {
                Lose(node, NbErrors.JobResultMissing(node.Name, state.Name));
                continue;
            }
            Release(node, spent: 0);
            _work.MarkFailed(node, error!, cost: null, BatchMode.Batch);
            End(node);
        }
        Close(job);
        await DeleteInputAsync(job, cancellationToken).ConfigureAwait(false);
    }

    private void Settle(BatchJob job, BatchResult result)
    {
        if (OpenNode(job, result.Index, result.Key) is ({ } node, { } item)) Settle(node, item, result);
    }

    private void Settle(BatchNode node, BatchJobItem item, BatchResult result)
    {
        decimal? cost = null;
        try
        {
            if (result.Error is { } error) throw error;
            PreparedRequest request = _work.Prepare(node);
            ImmutableArray<NbImage> images;
            try
            {
                images = ImageReader.Read(request, result.Answer!, Time.GetUtcNow(), Factor);
            }
            catch (NbException e)
            {
                cost = e.Cost;
                throw;
            }
            cost = images.Sum(image => image.Cost);
            if (request.Fingerprint != item.Fingerprint)
            {
                // The manifest changed while the job was on its way: this picture answers another question than the item asks now.
                images = [.. images.Select(image => NbImage.Foreign(image.Data) with
                {
                    Cost = image.Cost, CreatedAt = image.CreatedAt, ResponseId = image.ResponseId,
                })];
            }
            _work.Save(node, images, cost, BatchMode.Batch, item.Key);
        }
        catch (NbException e) when (e.Kind == NbErrorKind.WriteError)
        {
            // The service still has it. The others may have more luck.
            _stranded ??= e;
            return;
        }
        catch (NbException e) when (e.IsRetryable && cost is null && _options.Mode == BatchMode.Batch
            && (_rounds[node] = _rounds.GetValueOrDefault(node) + 1) < MostRounds)
        {
            Release(node, spent: 0);
            _work.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name, ErrorId = e.ErrorId, Message = e.Message });
            node.State = BatchItemState.Pending;
            node.Job = null;
            return;
        }
        catch (NbException e) when (e.IsUncertain)
        {
            Lose(node, e);
            return;
        }
        catch (NbException e)
        {
            _work.MarkFailed(node, e, cost, BatchMode.Batch);
        }
        Release(node, spent: cost ?? 0);
        node.Cost = cost;
        End(node);
    }

    private IEnumerable<BatchNode> OpenNodes(BatchJob job) => job.Items
        .Select(item => _nodes.GetValueOrDefault(item.Name)).OfType<BatchNode>()
        .Where(node => node.State == BatchItemState.Submitted).ToArray();

    private void Lose(BatchNode node, NbException error)
    {
        Release(node, spent: null);
        _work.MarkUncertain(node, error);
        End(node);
    }

    private void End(BatchNode node)
    {
        _tell.Enqueue(node.ToItem());
        if (node.Children.Count == 0) node.Image = null;
        foreach (BatchNode changed in _work.OnSourceEnded(node))
        {
            if (changed.State != BatchItemState.Pending) _tell.Enqueue(changed.ToItem());
        }
    }

    private void Close(BatchJob job)
    {
        _open.RemoveAll(open => open.Id == job.Id);
        _store.Remove(job);
    }

    private async Task DeleteInputAsync(BatchJob job, CancellationToken cancellationToken)
    {
        try
        {
            await _client.DeleteFileAsync(job.Input, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException)
        {
            // It goes by itself after 48 hours.
        }
    }

    private void BlockTheRest(NbException fatal)
    {
        foreach (BatchNode node in _work.BlockPending(fatal)) _tell.Enqueue(node.ToItem());
    }

}
