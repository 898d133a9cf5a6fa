using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Batches.Runs;

/// <summary>One sending of one item: which calls of the client belong to it, and whether it may have been billed by now.</summary>
internal sealed class Attempt(BatchNode node, DateTimeOffset begun)
{
    public static AsyncLocal<Attempt?> Current { get; } = new();

    public BatchNode Node => node;

    public DateTimeOffset Begun { get; set; } = begun;

    /// <summary>The line that says it is sent; null until it is.</summary>
    public LedgerEvent? Submitted { get; set; }

    /// <summary>USD set aside for it.</summary>
    public decimal Reserved { get; init; }

    /// <summary>Sent, and no answer yet that says it was not carried out.</summary>
    public volatile bool IsInAir;

    /// <summary>The service said too many requests, and the item shall wait and be sent again.</summary>
    public NbException? Limited { get; set; }

    /// <summary>Why nothing else may be sent either.</summary>
    public NbException? Fatal { get; set; }
}
