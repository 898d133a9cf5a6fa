using System.Text.Json;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Batches;

/// <summary>Does the work of a batch: every item succeeds or fails on its own.</summary>
internal sealed class BatchRunner(FileStore files, Func<ModelEntry, JsonElement, AnswerFaults, WireObject> generate)
{
    /// <summary>Does the first items of a batch; the others have no result.</summary>
    public void Finish(EmulatedJob job, int count)
    {
        IReadOnlyList<BatchItem> items = [.. ResultFaults.Ordered(job, [.. job.Items.Take(count)])];
        if (job.InputFile is null || job.Fault(FaultKind.ResultsInlined) is not null) FinishInline(job, items);
        else FinishFile(job, items);
        job.HasResults = true;
    }

    private void FinishInline(EmulatedJob job, IReadOnlyList<BatchItem> items)
    {
        List<WireObject> responses = [];
        foreach (BatchItem item in items)
        {
            WireObject result = Result(job, item);
            result.AddIfAny("metadata", Metadata(item));
            responses.Add(result);
        }

        job.InlinedResponses = responses;
    }

    private void FinishFile(EmulatedJob job, IReadOnlyList<BatchItem> items)
    {
        Spool spool = new();
        for (int index = 0; index < items.Count; index++)
        {
            WireObject line = [];
            line.AddIfAny("key", items[index].Key);
            line.AddRange(Result(job, items[index]));
            foreach (ReadOnlyMemory<byte> chunk in ResultFaults.Lines(job, line, index, items.Count))
            {
                spool.Append(chunk.Span);
            }
        }

        TimeSpan late = job.Fault(FaultKind.ResultsLate) is { Shape: not "output" } rule ? ResultFaults.Delay(rule)
            : default;
        StoredFile file = files.Add($"batch-{job.Id}", null, "application/jsonl", spool, isGenerated: true, late);
        job.ResponsesFile = $"files/{file.Id}";
    }

    // A batch from a file has keys where an inline one has metadata.
    private static object? Metadata(BatchItem item) => item.Metadata is { } given
        ? given
        : item.Key is { } key ? new WireObject { { "key", key } } : null;

    private WireObject Result(EmulatedJob job, BatchItem item)
    {
        try
        {
            if (item.Request.ValueKind != JsonValueKind.Object)
            {
                throw ServiceException.InvalidArgument("The line holds no request.");
            }
            // A fault rule of a job applies to all of its results, or to the given one.
            int number = 1 + job.Items.TakeWhile(one => !ReferenceEquals(one, item)).Count();
            AnswerFaults faults = new AnswerFaults { BaseUri = job.BaseUri }
                .With(job.Faults.Where(rule => rule.Item is null || rule.Item == number));
            WireObject body = generate(job.Model, item.Request, faults);
            job.SucceededItems++;
            return new WireObject { { "response", body } };
        }
        catch (ServiceException e)
        {
            job.FailedItems++;
            return new WireObject { { "error", e.ToWire() } };
        }
    }
}
