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
    private NbException? _fatal;

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
                await LookAtAsync(job, cancellationToken).ConfigureAwait(false);
                while (_tell.TryDequeue(out BatchItem? item)) yield return item;
            }
            if (_open.Count < before) continue;
            if (_work.IsStopping || !_options.Wait || _fatal is not null) break;
            await WaitAsync(poll, cancellationToken).ConfigureAwait(false);
            poll = TimeSpan.FromTicks(Math.Min(poll.Ticks * 3 / 2, LongestPoll.Ticks));
        }
    }

    private List<BatchNode> Ready() =>
        [.. _work.Nodes.Where(node => node.State == BatchItemState.Pending && node.Source is null or { HasImage: true })];

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(wait, Time, woken.Token), _work.Stopping).ConfigureAwait(false);
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
            _store.Write(job);
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
            if (!isCrowded) _fatal = BatchWork.IsFatal(e) ? e : null;
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
        foreach (BatchNode node in input.Nodes)
        {
            node.State = BatchItemState.Submitted;
            node.Job = job.Id;
            _tell.Enqueue(node.ToItem());
        }
        return true;
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

    /// <summary>Asks how a job stands, and settles its items when it has ended.</summary>
    private async Task LookAtAsync(BatchJob job, CancellationToken cancellationToken)
    {
        try
        {
            if (job.Name is null)
            {
                if (await FindAsync(job, cancellationToken).ConfigureAwait(false) is not { } found)
                {
                    // A job that was never started would be asked for on and on.
                    foreach (BatchNode node in OpenNodes(job)) Lose(node, NbErrors.BatchUncertain(node.Name, job.CreatedAt));
                    Close(job);
                    return;
                }
                _open[_open.IndexOf(job)] = found;
                job = found;
            }
            GeminiBatch state = await _client.GetBatchAsync(job.Name!, cancellationToken).ConfigureAwait(false);
            if (!state.IsDone) return;
            if (state.ResponsesFile is { } results) await FetchAsync(job, results, cancellationToken).ConfigureAwait(false);
            NbException? error = state.State == "SUCCEEDED" ? null : NbErrors.JobEnded(job.Name!, state.State, state.Error);
            foreach (BatchNode node in OpenNodes(job))
            {
                if (error is null)
                {
                    Lose(node, NbErrors.JobResultMissing(node.Name, job.Name!));
                    continue;
                }
                Release(node, spent: 0);
                _work.MarkFailed(node, error, cost: null, BatchMode.Batch);
                End(node);
            }
            Close(job);
            await DeleteInputAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException e) when (e.ErrorId is "Nb.Service.NotFound")
        {
            foreach (BatchNode node in OpenNodes(job)) Lose(node, NbErrors.JobGone(node.Name, job.Name ?? job.Id, e));
            Close(job);
        }
        catch (NbException e) when (BatchWork.IsFatal(e))
        {
            _fatal = e;
        }
        catch (NbException e) when (e.IsRetryable || e.Kind is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout)
        {
            // Asking costs nothing and the results stay at the service: the next round asks again.
        }
    }

    private async Task<BatchJob?> FindAsync(BatchJob job, CancellationToken cancellationToken)
    {
        await foreach (GeminiBatch known in _client.ListBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (known.DisplayName != job.Id) continue;
            job = job with { Name = known.Name };
            _store.Write(job);
            return job;
        }
        return null;
    }

    /// <summary>Reads the results line by line, each picture straight into a file.</summary>
    private async Task FetchAsync(BatchJob job, string results, CancellationToken cancellationToken)
    {
        var keys = job.Items.ToDictionary(item => item.Name, StringComparer.Ordinal);
        Stream lines = await _client.DownloadAsync(results, cancellationToken).ConfigureAwait(false);
        await using (lines.ConfigureAwait(false))
        {
            BlobSink sink = BlobSink.Files(new BlobStore(_work.Destination));
            await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, sink, cancellationToken).ConfigureAwait(false))
            {
                BatchJobItem? item = result.Key is { } key ? keys.GetValueOrDefault(key)
                    : result.Index < job.Items.Length ? job.Items[result.Index] : null;
                // What was settled before a crash, or is no longer part of the manifest, stays as it is.
                if (item is null || !_nodes.TryGetValue(item.Name, out BatchNode? node) || node.State != BatchItemState.Submitted) continue;
                Settle(node, item, result);
            }
        }
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
                images = [.. images.Select(image => NbImage.Foreign(image.Data) with { Cost = image.Cost, CreatedAt = image.CreatedAt })];
            }
            _work.Save(node, images, cost, BatchMode.Batch, item.Key);
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
