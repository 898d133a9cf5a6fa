using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>The items of a batch as a review page shows them, from its manifest and its ledger.</summary>
internal static class BatchItems
{
    /// <summary>The items of the batch in a folder, in the order of its manifest.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="manifest">The batch's manifest.</param>
    /// <param name="pictureOf">Reads a picture; null when it is not a picture.</param>
    /// <exception cref="NbException">The ledger cannot be read.</exception>
    public static IEnumerable<ReportItem> Of(
        string folder, Manifest manifest, Func<string, ReportItem?> pictureOf)
    {
        ILookup<string, LedgerEvent> events =
            LedgerFile.ReadAll(folder).Events.ToLookup(line => line.Item, StringComparer.Ordinal);
        return [.. manifest.Items.Select(item => ItemOf(item, events[item.Name], folder, pictureOf))];
    }

    private static ReportItem ItemOf(
        ManifestItem item, IEnumerable<LedgerEvent> events, string folder, Func<string, ReportItem?> pictureOf)
    {
        var record = new ItemRecord();
        foreach (LedgerEvent line in events) record.Add(line);
        LedgerEvent? last =
            events.LastOrDefault(line => line.Kind is not (LedgerEventKind.Planned or LedgerEventKind.Received));
        ReportItem shown = Inside.Find(folder, record.Saved?.File) is { } path && File.Exists(path)
            ? pictureOf(path) ?? FromRecord(item, record)
            : FromRecord(item, record);
        decimal? paid = events.Sum(line =>
            line.Kind is LedgerEventKind.Received or LedgerEventKind.Judged ? line.Cost : null);
        return shown with
        {
            Name = item.Name,
            State = StateOf(last, hasPicture: shown.Path is not null).ToString(),
            // Every attempt was paid for, not only the one shown.
            Cost = events.Any(line => line.Kind == LedgerEventKind.Received) ? paid : shown.Cost,
            ErrorId = last?.ErrorId,
            Message = last?.Message,
            Advice = last?.Advice,
        };
    }

    private static ReportItem FromRecord(ManifestItem item, ItemRecord record) => new()
    {
        Name = item.Name,
        State = "",
        Prompt = item.Words,
        Model = record.Last?.Model ?? record.Planned?.Model ?? item.Model,
        From = item.From,
    };

    private static BatchItemState StateOf(LedgerEvent? last, bool hasPicture) => last?.Kind switch
    {
        LedgerEventKind.Saved when hasPicture => BatchItemState.Succeeded,
        LedgerEventKind.Judged when hasPicture && last.ErrorId is null => BatchItemState.Succeeded,
        LedgerEventKind.Judged => BatchItemState.Rejected,
        LedgerEventKind.Failed => BatchItemState.Failed,
        LedgerEventKind.Blocked => BatchItemState.Blocked,
        LedgerEventKind.Uncertain => BatchItemState.Uncertain,
        LedgerEventKind.Submitted when last.Job is not null => BatchItemState.Submitted,
        LedgerEventKind.Submitted or LedgerEventKind.Identified or LedgerEventKind.Retrying => BatchItemState.Running,
        _ => BatchItemState.Pending,
    };
}
