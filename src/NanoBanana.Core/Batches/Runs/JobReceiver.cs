using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The last part of a job's life: its results are read line by line and become pictures, and those it gave none for are told.</summary>
internal sealed class JobReceiver(BatchWork work, JobDesk desk)
{
    // So often an item that failed inside a job is put into another one.
    private const int MostRounds = 3;

    private readonly GeminiClient _client = work.Service.Client;
    private readonly Dictionary<BatchNode, int> _rounds = [];

    /// <summary>Reads the results line by line, each picture straight into a file.</summary>
    public async IAsyncEnumerable<BatchResult> ResultsAsync(
        BatchJob job, string? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (file is null) yield break;
        Stream lines = await _client.DownloadAsync(file, cancellationToken).ConfigureAwait(false);
        await using (lines.ConfigureAwait(false))
        {
            // What was settled before a crash leaves nothing on disk.
            BlobSink SinkOf(int index, string? key) => OpenNode(job, index, key) is ({ } node, _) ? work.Saver.SinkOf(node) : BlobSink.Memory;
            await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, SinkOf, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
    }

    /// <summary>Makes of a line of the results what it says.</summary>
    public void Settle(BatchJob job, BatchResult result)
    {
        if (OpenNode(job, result.Index, result.Key) is ({ } node, { } item)) Settle(node, job, item, result);
    }

    /// <summary>Tells the end of a job to the items it gave no result for.</summary>
    public async Task ConcludeAsync(BatchJob job, GeminiBatch state, int answers, CancellationToken cancellationToken)
    {
        NbException? error = state.State == "SUCCEEDED" ? null : JobErrors.Ended(state.Name, state.State, state.Error);
        // Done, so billed, and not in the results: nobody can tell which.
        bool isShort = error is null || state.SucceededCount > answers;
        foreach (BatchNode node in desk.OpenNodes(job))
        {
            if (isShort)
            {
                desk.Lose(node, JobErrors.ResultMissing(node.Name, state.Name));
                continue;
            }
            desk.Release(node, spent: 0);
            work.MarkFailed(node, error!, cost: null, BatchMode.Batch);
            desk.End(node);
        }
        desk.Close(job);
        await DeleteInputAsync(job, cancellationToken).ConfigureAwait(false);
    }

    private void Settle(BatchNode node, BatchJob job, BatchJobItem item, BatchResult result)
    {
        decimal? cost = null;
        try
        {
            if (result.Error is { } error) throw error;
            PreparedRequest request = AsSent(node, job);
            ImmutableArray<NbImage> images;
            try
            {
                images = ImageReader.Read(request, result.Answer!, work.Options.TimeProvider.GetUtcNow(), desk.Factor);
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
            work.Save(node, images, cost, BatchMode.Batch, item.Key);
        }
        catch (NbException e) when (e.Kind == NbErrorKind.WriteError)
        {
            // The service still has it. The others may have more luck.
            desk.Stranded ??= e;
            return;
        }
        catch (NbException e) when (cost is null && work.Options.Mode == BatchMode.Batch && (e.IsRetryable || IsFileGone(node, e))
            && (_rounds[node] = _rounds.GetValueOrDefault(node) + 1) < MostRounds)
        {
            desk.Release(node, spent: 0);
            work.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name, ErrorId = e.ErrorId, Message = e.Message });
            node.State = BatchItemState.Pending;
            node.Job = null;
            return;
        }
        catch (NbException e) when (e.IsUncertain)
        {
            desk.Lose(node, e);
            return;
        }
        catch (NbException e)
        {
            work.MarkFailed(node, e, cost, BatchMode.Batch);
        }
        desk.Release(node, spent: cost ?? 0);
        node.Cost = cost;
        desk.End(node);
    }

    // The manifest may ask another model by now; the answer is read, and priced, as that of the job's.
    private PreparedRequest AsSent(BatchNode node, BatchJob job)
    {
        PreparedRequest request = work.Prepare(node);
        try
        {
            return request.Model.Id == job.Model ? request : work.Service.Prepare(request.Request with { Model = job.Model });
        }
        catch (NbException)
        {
            // That model takes no such request, so more than the model has changed.
            return request;
        }
    }

    private bool IsFileGone(BatchNode node, NbException error) =>
        !error.IsUncertain && work.Service.Uploader.ForgetFromJob(error, work.Prepare(node).Call);

    // What was settled before a crash, or is no longer part of the manifest, stays as it is.
    private (BatchNode? Node, BatchJobItem? Item) OpenNode(BatchJob job, int index, string? key)
    {
        BatchJobItem? item = key is not null ? job.Items.FirstOrDefault(item => item.Name == key)
            : index < job.Items.Length ? job.Items[index]
            : null;
        bool isOpen = item is not null && desk.Nodes.TryGetValue(item.Name, out BatchNode? node) && node.State == BatchItemState.Submitted;
        return isOpen ? (desk.Nodes[item!.Name], item) : (null, null);
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
}
