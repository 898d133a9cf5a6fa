namespace NanoBanana.Batches.Ledgers;

/// <summary>What a line of the ledger says about an item.</summary>
internal enum LedgerEventKind
{
    /// <summary>It is to be made.</summary>
    Planned,

    /// <summary>It is about to be sent: from here on it may be billed.</summary>
    Submitted,

    /// <summary>The service named the answer before it was there: by this id it can be fetched, without being paid
    /// again.</summary>
    Identified,

    /// <summary>The service refused it without billing, and it will be sent again.</summary>
    Retrying,

    /// <summary>The answer is in, and this is what it cost. The only line that holds true cost.</summary>
    Received,

    /// <summary>The picture and what it remembers are on disk.</summary>
    Saved,

    /// <summary>A picture was checked, and this is what that cost; with an error id where it is not good
    /// enough.</summary>
    Judged,

    /// <summary>It gave no picture.</summary>
    Failed,

    /// <summary>Its source is not there.</summary>
    Blocked,

    /// <summary>It may have been billed, and no answer is at hand.</summary>
    Uncertain,
}
