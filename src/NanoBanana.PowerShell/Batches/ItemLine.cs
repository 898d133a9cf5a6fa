using NanoBanana.Batches.Plans;

namespace NanoBanana.PowerShell;

/// <summary>What became of an item, as a line of a log.</summary>
internal sealed class ItemLine(BatchItem item)
{
    // The item itself would keep its picture.
    private readonly string _line = $"{item.Name}: {item.State}"
        + (item.Cost is { } usd ? $", {Readable.Money(usd)}" : "")
        + (item.Job is { } job ? $", job {job}" : "")
        + (item.Error is { } error ? $": {ErrorRecords.Words.Say(error.Message)}" : "");

    /// <inheritdoc/>
    public override string ToString() => _line;
}
