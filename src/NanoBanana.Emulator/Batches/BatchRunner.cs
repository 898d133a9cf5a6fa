using System.Text.Json;
using NanoBanana.Emulator.Catalogue;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Batches;

/// <summary>Does the work of a batch that has come to its end: every item succeeds or fails on its own.</summary>
internal sealed class BatchRunner(FileStore files, Func<ModelEntry, JsonElement, GeneratedAnswer> generate)
{
    public void Finish(BatchJob job)
    {
        if (job.InputFile is null)
            FinishInline(job);
        else
            FinishFile(job);
        job.HasResults = true;
    }

    private void FinishInline(BatchJob job)
    {
        List<WireObject> responses = [];
        foreach (BatchItem item in job.Items)
        {
            WireObject result = Result(job, item);
            result.AddIfAny("metadata", item.Metadata);
            responses.Add(result);
        }

        job.InlinedResponses = responses;
    }

    private void FinishFile(BatchJob job)
    {
        Spool spool = new();
        foreach (BatchItem item in job.Items)
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
