using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Json;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The last stage of a job: its results are read line by line and saved as pictures, and items without a
/// result are reported.</summary>
internal sealed class JobReceiver(BatchRun run, OpenJobs openJobs)
{
    // How often an item that failed in a job is put into another one.
    private const int MostRounds = 3;

    private readonly GeminiClient _client = run.Service.Client;
    private readonly RepeatedPictures _pictures = new();
    private readonly StrayResults _keeper = new(run);
    private readonly Dictionary<BatchNode, int> _rounds = [];

    /// <summary>Reads the results line by line, writing each picture directly to a file.</summary>
    public async IAsyncEnumerable<BatchResult> ResultsAsync(JobReading reading,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (reading.State.ResponsesFile is not { } file)
        {
            await foreach (
                BatchResult result in BatchResultReader.ReadAsync(reading.State.Inlined, SinkOf, cancellationToken)
                .ConfigureAwait(false))
            {
                yield return result;
            }
            yield break;
        }
        Stream lines = await _client.DownloadAsync(file, cancellationToken).ConfigureAwait(false);
        await using (lines.ConfigureAwait(false))
        {
            await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, SinkOf, cancellationToken)
                .ConfigureAwait(false))
            {
                yield return result;
            }
        }

        // Results settled before a crash are discarded.
        BlobSink SinkOf(int index, string? key) =>
            key is null || ItemOf(reading.Job, key) is not { } item ? _keeper.Sink
            : openJobs.Waiting(reading.Job, item) is { } node ? run.Saver.SinkOf(node)
            : BlobSink.Memory;
    }

    /// <summary>Handles one line of the results. A line without a key is kept until the others are read.</summary>
    public void Settle(JobReading reading, BatchResult result)
    {
        if (result.Answer is not null) reading.Answers++;
        bool isNew = reading.IsNew(result);
        JobRecordItem? item = result.Key is { } key ? ItemOf(reading.Job, key) : null;
        if (result.IsUnreadable) reading.Unreadable[result.Index] = item;
        if (result.Key is null)
        {
            reading.Keyless.Add(result);
        }
        else if (item is null)
        {
            reading.Strangers.Add(
                Keep(reading, result, $"It came for an item named '{result.Key}', which this job does not have."));
        }
        else if (!reading.Named.Add(item.Name))
        {
            if (isNew) Keep(reading, result, $"It is a second answer for '{item.Name}'.");
        }
        else if (!result.IsUnreadable && openJobs.Waiting(reading.Job, item) is { } node)
        {
            Settle(node, reading.Job, item, result);
        }
    }

    /// <summary>Settles the remaining items when all results are read.</summary>
    /// <returns>Whether the job is finished; otherwise some items have no result yet, and it is polled again.</returns>
    public async Task<bool> ConcludeAsync(JobReading reading, CancellationToken cancellationToken)
    {
        (JobRecord job, GeminiJob state) = (reading.Job, reading.State);
        IReadOnlyDictionary<int, string> kept = await _keeper.KeepLinesAsync(reading, cancellationToken)
            .ConfigureAwait(false);
        foreach ((int index, JobRecordItem? item) in reading.Unreadable)
        {
            if (item is not null) LoseUnreadable(reading, item, kept.GetValueOrDefault(index));
        }
        SettleUnnamed(reading, kept);
        // If a picture could not be saved, the job's record is kept.
        if (run.IsFetchBlocked) return true;

        NbException? error = state.State == "SUCCEEDED" ? null : JobErrors.Ended(state.Name, state.State, state.Error);
        // The item was done and billed, but the results do not name it.
        bool isShort = error is null || state.SucceededCount > reading.Answers;
        BatchNode[] open = [.. openJobs.OpenNodes(job)];
        if (isShort && open.Length > 0 && openJobs.IsKept(job)) return false;
        foreach (BatchNode node in open)
        {
            if (isShort)
            {
                openJobs.MarkLost(node, JobErrors.ResultMissing(node.Name, state.Name));
                continue;
            }
            openJobs.Release(node, spent: 0);
            run.MarkFailed(node, error!, cost: null, BatchMode.Batch);
            openJobs.End(node);
        }
        openJobs.Close(job);
        await DeleteInputAsync(job, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // Lines without an item of this job are matched by order only when that cannot be wrong: every line has an item,
    // and it does not matter which.
    private void SettleUnnamed(JobReading reading, IReadOnlyDictionary<int, string> kept)
    {
        IReadOnlyList<JobRecordItem> unnamed = reading.Unnamed;
        int lines = reading.Keyless.Count + reading.Strangers.Count;
        if (lines == 0 || unnamed.Count == 0) return;
        bool isCertain = reading.Strangers.Count == 0 && lines == unnamed.Count
            && unnamed.Select(item => item.RequestHash).Distinct(StringComparer.Ordinal).Count() == 1;
        if (isCertain)
        {
            foreach ((JobRecordItem item, BatchResult result) in unnamed.Zip(reading.Keyless))
            {
                if (result.IsUnreadable) LoseUnreadable(reading, item, kept.GetValueOrDefault(result.Index));
                else if (openJobs.Waiting(reading.Job, item) is { } node) Settle(node, reading.Job, item, result);
            }
            return;
        }
        // A line with another key says nothing about items whose lines may still come.
        if (reading.Keyless.Count == 0 && lines < unnamed.Count) return;
        string[] files = [.. reading.Strangers.SelectMany(named => named),
            .. reading.Keyless.SelectMany(result => result.IsUnreadable
            ? kept.TryGetValue(result.Index, out string? line) ? [Path.GetRelativePath(run.Destination, line)] : []
            : Keep(reading, result, "Its line of the job's results does not name its item."))];
        string[] names = [.. unnamed.Select(item => item.Name)];
        foreach (JobRecordItem item in unnamed)
        {
            if (openJobs.Waiting(reading.Job, item) is { State: BatchItemState.Submitted } node)
            {
                openJobs.MarkLost(node, JobErrors.ResultUnassigned(node.Name, reading.State.Name, names, files),
                    isCounted: files.Length > 0);
            }
        }
    }

    // An unreadable line is saved unchanged, and its item is not sent again without being asked for.
    private void LoseUnreadable(JobReading reading, JobRecordItem item, string? file)
    {
        if (openJobs.Waiting(reading.Job, item) is not { State: BatchItemState.Submitted } node) return;
        NbException why = AnswerErrors.Malformed("a line of the results is not in the service's form");
        openJobs.MarkLost(node, JobErrors.ResultUnreadable(node.Name, reading.State.Name, file, why));
    }

    private IReadOnlyList<string> Keep(JobReading reading, BatchResult result, string why)
    {
        try
        {
            return _keeper.Keep(reading.Job, result, why, openJobs.Factor);
        }
        catch (NbException e)
        {
            // Ignored: the service still has the results.
            run.BlockFetching(e);
            return [];
        }
    }

    private static JobRecordItem? ItemOf(JobRecord job, string key) =>
        job.Items.FirstOrDefault(item => item.Name == key);

    private void Settle(BatchNode node, JobRecord job, JobRecordItem item, BatchResult result)
    {
        decimal? cost = null;
        try
        {
            if (result.Error is { } error) throw error;
            PreparedRequest request = AsSent(node, job);
            ImmutableArray<NbImage> images;
            try
            {
                images = _pictures.Marked(
                    ImageReader.Read(request, result.Answer!, run.Time.GetUtcNow(),
                        run.Saver.SinkOf(node).AnswersFolder, openJobs.Factor));
            }
            catch (NbException e)
            {
                cost = e.Cost;
                throw;
            }
            cost = images.Sum(image => image.Cost);
            if (cost - ((node.JobEstimate ?? node.Estimate) - node.JudgingEstimate) is { } extra)
            {
                run.Budget.Learn(node.Model, extra / openJobs.Factor);
            }
            if (request.RequestHash != item.RequestHash)
            {
                // The manifest changed while the job was running, so this picture was made from another request than
                // the item's current one.
                images = [.. images.Select(image =>
                    (image is NbText ? NbText.Of(image.Text) : NbImage.Foreign(image.Data)) with
                {
                    Provenance = new Provenance
                    {
                        Cost = image.Provenance?.Cost, Images = image.Provenance?.Images, CreatedAt = image.CreatedAt,
                            ResponseId = image.ResponseId,
                    },
                })];
            }
            run.Save(node, images, cost, BatchMode.Batch, item.ItemKey);
        }
        catch (NbException e) when (e.Kind == NbErrorKind.WriteError)
        {
            // The service still has this result, and other results may be saved.
            run.BlockFetching(e);
            return;
        }
        catch (NbException e)
            when (cost is null && run.Options.Mode == BatchMode.Batch && (e.IsRetryable || IsFileGone(node, e))
            && (_rounds[node] = _rounds.GetValueOrDefault(node) + 1) < MostRounds)
        {
            openJobs.Release(node, spent: 0);
            run.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name, ErrorId = e.ErrorId,
                Message = e.Message });
            node.LeaveJob();
            return;
        }
        catch (NbException e) when (e.IsUncertain)
        {
            openJobs.MarkLost(node, e);
            return;
        }
        catch (NbException e) when (TryRule.MayComeAgain(e) && node.TryNumber < node.MaximumTryCount
            && node.Series.IsOf(node.ItemKey))
        {
            openJobs.Release(node, spent: cost ?? 0);
            run.MarkWithout(node, e, cost, BatchMode.Batch);
            node.LeaveJob();
            node.Charge(node.Series.Cost);
            return;
        }
        catch (NbException e)
        {
            run.MarkFailed(node, e, cost, BatchMode.Batch);
        }
        catch (Exception e)
        {
            // An error of one item is recorded for that item.
            openJobs.MarkLost(node, JobErrors.ResultUnreadable(node.Name, job.Name ?? job.Id, null, e));
            return;
        }
        openJobs.Release(node, spent: cost ?? 0);
        node.Charge(node.Series.Cost ?? cost);
        // It is still to be composed, checked, or moved to the item's place.
        bool isToFinish = node.State == BatchItemState.Succeeded
            && (node is not { Rule: null, Protection: null } || node.Series.Of(node.Sha256) is { Number: > 1 });
        if (isToFinish && node.Series.IsOf(node.ItemKey))
        {
            // It counts once it is composed and checked.
            node.MarkUnfinished();
            openJobs.Publish(node.ToItem());
            return;
        }
        openJobs.End(node);
    }

    // The manifest may name another model by now, so the answer is read and priced for the job's model.
    private PreparedRequest AsSent(BatchNode node, JobRecord job)
    {
        PreparedRequest request = run.PrepareTry(node);
        try
        {
            return request.Model.Id == job.Model ? request
                : run.Service.Prepare(request.Request with { Model = job.Model });
        }
        catch (NbException)
        {
            // That model does not accept the request, so more than the model has changed.
            return request;
        }
    }

    private bool IsFileGone(BatchNode node, NbException error) =>
        !error.IsUncertain && run.Service.Uploader.ForgetFromJob(error, run.Prepare(node).Call);

    private async Task DeleteInputAsync(JobRecord job, CancellationToken cancellationToken)
    {
        try
        {
            await _client.DeleteFileAsync(job.Input, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException)
        {
            // The service deletes it after 48 hours.
        }
    }
}
