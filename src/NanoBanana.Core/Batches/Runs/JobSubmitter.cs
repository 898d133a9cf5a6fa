using System.Globalization;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The first stage of a job: nodes become requests, requests become a file, and the file becomes a job at the
/// service.</summary>
internal sealed class JobSubmitter(BatchRun run, OpenJobs openJobs)
{
    private readonly GeminiClient _client = run.Service.Client;

    private TimeProvider Time => run.Options.TimeProvider;

    /// <summary>Submits nodes, with one job for each model and each full file.</summary>
    /// <returns>False when the service accepts no more jobs for now.</returns>
    public async Task<bool> SubmitAsync(List<BatchNode> ready, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, BatchNode> model in ready.GroupBy(node => node.Model.Id, StringComparer.Ordinal))
        {
            var rest = new Queue<BatchNode>(model);
            while (rest.Count > 0 && run.StopReason is null)
            {
                string id = string.Create(CultureInfo.InvariantCulture,
                    $"nb-{Time.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid():N}")[..28];
                if (!await SubmitAsync(id, model.Key, rest, cancellationToken).ConfigureAwait(false)
                    || openJobs.IsProbing)
                {
                    return false;
                }
            }
        }
        return true;
    }

    private async Task<bool> SubmitAsync(string id, string model, Queue<BatchNode> rest,
        CancellationToken cancellationToken)
    {
        string path = openJobs.Store.InputPath(id);
        try
        {
            var input = new JobInput(id, path);
            await using (input.ConfigureAwait(false))
            {
                await FillAsync(input, rest, cancellationToken).ConfigureAwait(false);
                return input.Nodes.Count == 0 || run.Stopping.IsCompleted
                    || await CreateAsync(input, model, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    private async Task FillAsync(JobInput input, Queue<BatchNode> rest, CancellationToken cancellationToken)
    {
        while (run.StopReason is null && rest.TryPeek(out BatchNode? node))
        {
            if (!openJobs.TryReserve(node)) break;
            try
            {
                PreparedRequest request = run.PrepareTry(node);
                // Errors in a region or mask are found before anything is paid for.
                run.Rules.For(request, mayBeAlone: false);
                GenerateCall call = await run.Service.Uploader.PlaceForJobAsync(request.Call, cancellationToken)
                    .ConfigureAwait(false);
                if (!await input.TryAddAsync(node, request, call, cancellationToken).ConfigureAwait(false)) return;
            }
            catch (NbException e)
            {
                openJobs.Release(node, spent: 0);
                if (e.IsAccountWide) run.Stop(e);
                run.MarkFailed(node, e, cost: null, BatchMode.Batch);
                openJobs.End(node);
            }
            rest.Dequeue();
        }
    }

    /// <summary>Starts a job.</summary>
    /// <returns>False when the service accepts no more jobs for now; then nothing was submitted.</returns>
    private async Task<bool> CreateAsync(JobInput input, string model, CancellationToken cancellationToken)
    {
        JobRecord? job = null;
        try
        {
            Blob file = await input.CompleteAsync().ConfigureAwait(false);
            GeminiFile uploaded = await _client.UploadAsync(file, "application/jsonl", input.Id, cancellationToken)
                .ConfigureAwait(false);
            // Uploads take time and are free, so the run may have been stopped meanwhile.
            if (run.Stopping.IsCompleted) return true;
            job = new JobRecord
            {
                Id = input.Id,
                Model = model,
                Input = uploaded.Name,
                CreatedAt = Time.GetUtcNow(),
                Owner = _client.Owner,
                Address = _client.Endpoint.BaseUri.Authority,
                Items = input.Items,
            };
            // Recorded before it is sent: if the answer is lost, the job is found by its display name.
            openJobs.Store.Write(job);
            LogSubmitted(input, job);
            GeminiJob created = await _client.CreateBatchAsync(model, uploaded.Name, input.Id,
                run.Options.Webhooks, cancellationToken).ConfigureAwait(false);
            job = job with { Name = created.Name };
            openJobs.Open.Add(job);
        }
        catch (NbException e) when (e.IsUncertain && job is not null)
        {
            // From now on it is searched for by its display name.
            openJobs.Open.Add(job);
        }
        catch (NbException e)
        {
            if (job is not null) openJobs.Store.Remove(job);
            bool isCrowded = e.ErrorId == "Nb.Service.RateLimited" && openJobs.Open.Count > 0;
            if (!isCrowded && e.IsAccountWide) run.Stop(e);
            foreach (BatchNode node in input.Nodes)
            {
                openJobs.Release(node, spent: 0);
                if (isCrowded)
                {
                    run.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name,
                        ErrorId = e.ErrorId });
                    continue;
                }
                run.MarkFailed(node, e, cost: null, BatchMode.Batch);
                openJobs.End(node);
            }
            return !isCrowded;
        }
        TryKeep(job);
        foreach (BatchNode node in input.Nodes)
        {
            node.MarkSubmitted(job.Id);
            openJobs.Publish(node.ToItem());
        }
        return true;
    }

    // Until its name at the service is known, the job is found by its display name.
    private void TryKeep(JobRecord job)
    {
        try
        {
            openJobs.Store.Write(job);
        }
        catch (NbException e)
        {
            run.BlockFetching(e);
        }
    }

    private void LogSubmitted(JobInput input, JobRecord job)
    {
        for (int i = 0; i < input.Nodes.Count; i++)
        {
            BatchNode node = input.Nodes[i];
            run.Log(new LedgerEvent
            {
                Kind = LedgerEventKind.Submitted,
                Item = node.Name,
                ItemKey = node.ItemKey,
                RequestHash = job.Items[i].RequestHash,
                Model = job.Model,
                Mode = BatchMode.Batch,
                Edition = run.Options.Edition,
                Try = node.IsEnforced ? node.NextTry : null,
                Job = job.Id,
                Estimate = node.Estimate,
            }, flush: i == input.Nodes.Count - 1);
        }
    }
}
