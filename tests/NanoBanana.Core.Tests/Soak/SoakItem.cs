using System.Text.Json.Nodes;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Journal;

namespace NanoBanana.Tests.Soak;

/// <summary>What our ledger and the emulator's journal say of one item.</summary>
internal sealed record SoakItem(BatchItem Item, IReadOnlyList<LedgerEvent> Ledger, IReadOnlyList<JournalEntry> Journal)
{
    /// <summary>How often the emulator put it on the bill.</summary>
    public int Billed => Journal.Count(entry => entry.IsBilled);

    /// <summary>How often our ledger says that an answer came in.</summary>
    public int Received => Ledger.Count(line => line.Kind == LedgerEventKind.Received);

    /// <summary>How often our ledger says that it may have been billed without an answer.</summary>
    public int Uncertain => Ledger.Count(line => line.Kind == LedgerEventKind.Uncertain);

    /// <summary>Joins both by the prompt, which every request of an item carries.</summary>
    public static IReadOnlyList<SoakItem> Join(
        IEnumerable<BatchItem> items, IEnumerable<LedgerEvent> ledger, IEnumerable<JournalEntry> journal)
    {
        ILookup<string, LedgerEvent> lines = ledger.ToLookup(line => line.Item);
        ILookup<string, JournalEntry> entries = journal.Where(entry => entry.Body is not null).ToLookup(PromptOf);
        return [.. items.Select(item => new SoakItem(item, [.. lines[item.Name]], [.. entries[item.Prompt]]))];
    }

    public override string ToString() =>
        $"{Item}: billed {Billed}, received {Received}, uncertain {Uncertain}, {Item.Error?.ErrorId} {Item.Error?.Message} "
        + $"ledger [{string.Join(' ', Ledger.Select(line => line.Kind))}] journal [{string.Join(", ", Journal.Select(Shown))}]";

    private static string Shown(JournalEntry entry) =>
        $"{entry.Number}: {entry.Status} {string.Join('+', entry.Faults)}{(entry.IsBilled ? " billed" : "")}";

    private static string PromptOf(JournalEntry entry) =>
        (string)JsonNode.Parse(entry.Body!)!["contents"]![0]!["parts"]![0]!["text"]!;
}
