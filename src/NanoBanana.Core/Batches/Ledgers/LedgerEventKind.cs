namespace NanoBanana.Batches.Ledgers;

/// <summary>What a line of the ledger records about an item.</summary>
internal enum LedgerEventKind
{
    /// <summary>It will be made.</summary>
    Planned,

    /// <summary>It is about to be sent: from here on it may be billed.</summary>
    Submitted,

    /// <summary>The service gave the answer an id before the answer came: with the id it can be fetched without paying
    /// again.</summary>
    Identified,

    /// <summary>The service refused it without billing, and it will be sent again.</summary>
    Retrying,

    /// <summary>The answer was received. Only these lines hold the cost of an answer.</summary>
    Received,

    /// <summary>The picture and its sidecar are on disk.</summary>
    Saved,

    /// <summary>A picture was checked; the line has the cost, and an error id when the picture is not good
    /// enough.</summary>
    Judged,

    /// <summary>It gave no picture.</summary>
    Failed,

    /// <summary>Its source is missing.</summary>
    Blocked,

    /// <summary>It may have been billed, and there is no answer.</summary>
    Uncertain,
}
