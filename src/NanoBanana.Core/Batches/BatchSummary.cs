using NanoBanana.Batches.Plans;

namespace NanoBanana.Batches;

/// <summary>A batch in numbers.</summary>
public sealed record BatchSummary
{
    /// <summary>Number of requested items.</summary>
    public int Total { get; init; }

    /// <summary>Made in this run.</summary>
    public int Made { get; init; }

    /// <summary>Made before and still up to date.</summary>
    public int UpToDate { get; init; }

    /// <summary>Tried without success.</summary>
    public int Failed { get; init; }

    /// <summary>Not tried, because their source is missing or the batch had to stop.</summary>
    public int Blocked { get; init; }

    /// <summary>Sent and possibly billed, without an answer.</summary>
    public int Uncertain { get; init; }

    /// <summary>Made, but not good enough.</summary>
    public int Rejected { get; init; }

    /// <summary>Part of a job at the service.</summary>
    public int Submitted { get; init; }

    /// <summary>In flight.</summary>
    public int Running { get; init; }

    /// <summary>Still to be made.</summary>
    public int Pending { get; init; }

    /// <summary>Cost of this run so far in USD, from the service's token counts.</summary>
    public decimal Cost { get; init; }

    /// <summary>Expected cost in USD of everything that had to be made; items of unknown price are left out.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>How long this run has taken.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Items made per minute; 0 while none was made.</summary>
    public double PerMinute => Made == 0 || Elapsed <= TimeSpan.Zero ? 0 : Made / Elapsed.TotalMinutes;

    /// <summary>How long the rest will take at this rate; null while unknown, as with jobs at the
    /// service.</summary>
    public TimeSpan? TimeLeft =>
        PerMinute > 0 && Submitted == 0 ? TimeSpan.FromMinutes((Pending + Running) / PerMinute) : null;

    /// <summary>Whether every item has its picture.</summary>
    public bool IsComplete => Made + UpToDate == Total;

    /// <inheritdoc/>
    public override string ToString()
    {
        (int Count, string What)[] parts =
        [
            (Made, "made"), (UpToDate, "up to date"), (Failed, "failed"), (Blocked, "blocked"),
                (Uncertain, "uncertain"), (Rejected, "rejected"),
            (Submitted, "submitted"), (Running, "running"), (Pending, "pending"),
        ];
        string counts =
            string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.What}"));
        return FormattableString.Invariant(
            $"{Total} item{(Total == 1 ? "" : "s")}: {counts}; cost ${Cost:0.0000} (estimate ${EstimatedCost:0.0000})");
    }

    internal static BatchSummary Of(IEnumerable<BatchNode> nodes, decimal cost, TimeSpan elapsed)
    {
        var counts = new Dictionary<BatchItemState, int>();
        decimal estimate = 0;
        int total = 0;
        foreach (BatchNode node in nodes)
        {
            total++;
            counts[node.State] = counts.GetValueOrDefault(node.State) + 1;
            if (node.State != BatchItemState.UpToDate) estimate += node.Estimate ?? 0;
        }
        return new BatchSummary
        {
            Total = total,
            Made = counts.GetValueOrDefault(BatchItemState.Succeeded),
            UpToDate = counts.GetValueOrDefault(BatchItemState.UpToDate),
            Failed = counts.GetValueOrDefault(BatchItemState.Failed),
            Blocked = counts.GetValueOrDefault(BatchItemState.Blocked),
            Uncertain = counts.GetValueOrDefault(BatchItemState.Uncertain),
            Rejected = counts.GetValueOrDefault(BatchItemState.Rejected),
            Submitted = counts.GetValueOrDefault(BatchItemState.Submitted),
            Running = counts.GetValueOrDefault(BatchItemState.Running),
            Pending = counts.GetValueOrDefault(BatchItemState.Pending),
            Cost = cost,
            EstimatedCost = estimate,
            Elapsed = elapsed,
        };
    }
}
