using System.Text.Json;
using NanoBanana.Emulator.Catalogue;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Batches;

/// <summary>Does the work of a batch: every item succeeds or fails on its own.</summary>
internal sealed class BatchRunner(FileStore files, Func<ModelEntry, JsonElement, GeneratedAnswer> generate)
{
    /// <summary>Does the first items of a batch; the others have no result.</summary>
    public void Finish(BatchJob job, int count)
    {
        IEnumerable<BatchItem> items = job.Items.Take(count);
        if (job.InputFile is null)
            FinishInline(job, items);
        else
            FinishFile(job, items);
        job.HasResults = true;
    }

    private void FinishInline(BatchJob job, IEnumerable<BatchItem> items)
    {
        List<WireObject> responses = [];
        foreach (BatchItem item in items)
        {
            WireObject result = Result(job, item);
            result.AddIfAny("metadata", item.Metadata);
            responses.Add(result);
        }

        job.InlinedResponses = responses;
    }

    private void FinishFile(BatchJob job, IEnumerable<BatchItem> items)
    {
        Spool spool = new();
        foreach (BatchItem item in items)
        {
            WireObject line = [];
            line.AddIfAny("key", item.Key);
            line.AddRange(Result(job, item));
            foreach (ReadOnlyMemory<byte> chunk in new WireText(line, suffix: "\n").Chunks())
                spool.Append(chunk.Span);
        }

        StoredFile file = files.Add($"batch-{job.Id}", null, "application/jsonl", spool, isGenerated: true);
        job.ResponsesFile = $"files/{file.Id}";
    }

    private WireObject Result(BatchJob job, BatchItem item)
    {
        try
        {
            if (item.Request.ValueKind != JsonValueKind.Object)
                throw ServiceException.InvalidArgument("The line holds no request.");
            WireObject body = generate(job.Model, item.Request).ToBody();
            job.SucceededItems++;
            return new WireObject { { "response", body } };
        }
        catch (ServiceException error)
        {
            job.FailedItems++;
            return new WireObject { { "error", error.ToWire() } };
        }
    }
}
