using System.Globalization;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Batches;

/// <summary>One batch: its items, its state on the clock, and its results once it has succeeded.</summary>
internal sealed class EmulatedJob
{
    private const string FailedMark = "[[FAILED]]";
    private const string ExpiredMark = "[[EXPIRED]]";
    private const string QueuedMark = "[[QUEUED]]";
    private const string PausedMark = "[[PAUSED]]";
    private const string UpdatingMark = "[[UPDATING]]";
    private const string CancelingMark = "[[CANCELLING]]";
    private const string PartialMark = "[[PARTIALLY_SUCCEEDED]]";

    public required string Id { get; init; }
    public required string DisplayName { get; init; }
    public required ModelEntry Model { get; init; }
    public required string? InputFile { get; init; }
    public required IReadOnlyList<BatchItem> Items { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Starts { get; init; }
    public required DateTimeOffset Finishes { get; init; }
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Its owner; nobody else can see it.</summary>
    public required string Owner { get; init; }

    /// <summary>The address its creator used.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>The faults of its results.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    public object Lock { get; } = new();

    public DateTimeOffset? Canceled { get; set; }

    /// <summary>The result file of a batch from a file.</summary>
    public string? ResponsesFile { get; set; }

    /// <summary>The results of an inline batch.</summary>
    public IReadOnlyList<WireObject>? InlinedResponses { get; set; }

    public bool HasResults { get; set; }

    public int SucceededItems { get; set; }

    public int FailedItems { get; set; }

    /// <summary>Whether a batch in that state will still end by itself.</summary>
    public static bool IsOpen(BatchState state) =>
        state is BatchState.Pending or BatchState.Queued or BatchState.Running
        or BatchState.Paused or BatchState.Updating or BatchState.Cancelling;

    /// <summary>How many of its items get a result.</summary>
    public int ResultCount => Has(PartialMark) ? (Items.Count + 1) / 2 : Items.Count;

    public BatchState StateAt(DateTimeOffset now)
    {
        if (Canceled is { } canceled)
        {
            return Has(CancelingMark)
                && now < canceled + (Finishes - Starts) ? BatchState.Cancelling : BatchState.Cancelled;
        }
        bool neverFinishes = Has(ExpiredMark) || Finishes > Expires;
        if (now >= Expires && neverFinishes) return BatchState.Expired;
        if (now >= Finishes && !neverFinishes)
        {
            return Has(FailedMark) ? BatchState.Failed : Has(PartialMark) ? BatchState.PartiallySucceeded
                : BatchState.Succeeded;
        }
        if (now < Starts) return Has(QueuedMark) ? BatchState.Queued : BatchState.Pending;
        return Has(PausedMark) ? BatchState.Paused : Has(UpdatingMark) ? BatchState.Updating : BatchState.Running;
    }

    /// <summary>How many items are done: they are worked off at an even pace.</summary>
    public int DoneAt(DateTimeOffset now) =>
        now <= Starts ? 0 : now >= Finishes ? Items.Count : (int)(Items.Count * ((now - Starts) / (Finishes - Starts)));

    public FaultRule? Fault(FaultKind kind) => Faults.FirstOrDefault(rule => rule.Kind == kind);

    public WireObject ToWire(DateTimeOffset now, bool withResults)
    {
        BatchState state = StateAt(now);
        bool isDone = !IsOpen(state);
        WireObject metadata = new()
        {
            { "@type", "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch" },
            { "model", $"models/{Model.Id}" },
            { "displayName", DisplayName },
        };
        if (InputFile is not null) metadata.Add("inputConfig", new WireObject { { "fileName", InputFile } });
        object? output = Output(now, withResults);
        metadata.AddIfAny("output", output);
        metadata.Add("createTime", StoredFile.Rfc3339(Created));
        if (isDone) metadata.Add("endTime", StoredFile.Rfc3339(EndAt(state)));
        metadata.Add("updateTime", StoredFile.Rfc3339(isDone ? EndAt(state) : now >= Starts ? Starts : Created));
        metadata.Add("batchStats", Statistics());
        metadata.Add("state", "BATCH_STATE_" + RequestSchema.SnakeCase(state.ToString())[1..].ToUpperInvariant());
        metadata.Add("name", $"batches/{Id}");

        WireObject operation = new() { { "name", $"batches/{Id}" }, { "metadata", metadata } };
        if (isDone) operation.Add("done", true);
        switch (state)
        {
            case BatchState.Succeeded or BatchState.PartiallySucceeded when output is WireObject results:
                WireObject response = new()
                {
                    { "@type", "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatchOutput" },
                };
                response.AddRange(results);
                operation.Add("response", response);
                break;
            case BatchState.Failed:
                operation.Add("error",
                    new WireObject { { "code", 13 }, { "message", "The batch failed: internal error." } });
                break;
            case BatchState.Expired:
                operation.Add("error",
                    new WireObject { { "code", 4 }, { "message", "The batch expired before it finished." } });
                break;
            case BatchState.Cancelled:
                operation.Add("error", new WireObject { { "code", 1 }, { "message", "The batch was canceled." } });
                break;
        }

        return operation;
    }

    private bool Has(string mark) => DisplayName.Contains(mark, StringComparison.Ordinal);

    private DateTimeOffset EndAt(BatchState state) => state switch
    {
        BatchState.Cancelled => Canceled!.Value,
        BatchState.Expired => Expires,
        _ => Finishes,
    };

    private WireObject? Output(DateTimeOffset now, bool withResults)
    {
        if (Fault(FaultKind.ResultsWithoutFile) is not null
            || (Fault(FaultKind.ResultsLate) is { Shape: "output" } late && now < Finishes + ResultFaults.Delay(late)))
        {
            return null;
        }

        if (ResponsesFile is not null) return new WireObject { { "responsesFile", ResponsesFile } };
        return InlinedResponses is not null && withResults
            ? new WireObject { { "inlinedResponses", new WireObject { { "inlinedResponses", InlinedResponses } } } }
            : null;
    }

    private WireObject Statistics()
    {
        WireObject wire = new() { { "requestCount", Text(Items.Count) } };
        if (SucceededItems > 0) wire.Add("successfulRequestCount", Text(SucceededItems));
        if (FailedItems > 0) wire.Add("failedRequestCount", Text(FailedItems));
        int pending = Items.Count - SucceededItems - FailedItems;
        if (pending > 0) wire.Add("pendingRequestCount", Text(pending));
        return wire;

        static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
    }
}
