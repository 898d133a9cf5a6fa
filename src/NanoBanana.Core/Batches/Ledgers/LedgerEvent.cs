namespace NanoBanana.Batches.Ledgers;

/// <summary>One line of the ledger. What does not apply is null.</summary>
internal sealed record LedgerEvent
{
    public required LedgerEventKind Kind { get; init; }

    public required string Item { get; init; }

    /// <summary>When; the ledger sets it, and it never goes backwards.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Hash of what goes into the item: it is up to date as long as this stays the same.</summary>
    public string? ItemKey { get; init; }

    /// <summary>Hash of the request as sent, which the sidecar of its picture repeats.</summary>
    public string? RequestHash { get; init; }

    public string? Model { get; init; }

    public BatchMode? Mode { get; init; }

    /// <summary>Whether it tells of a rehearsal, offline: no money, and no picture of the service.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The edition it is made for; on lines of kind planned and submitted. Null for none.</summary>
    public string? Edition { get; init; }

    /// <summary>Whether it is to be made again though it is up to date; on lines of kind planned.</summary>
    public bool IsForced { get; init; }

    /// <summary>Name of the job at the service.</summary>
    public string? Job { get; init; }

    /// <summary>Which of several tries it tells of, from 1; null where there is no more than one.</summary>
    public int? Try { get; init; }

    /// <summary>Hash of the rule that a picture was composed or checked by; null where there was none.</summary>
    public string? Rule { get; init; }

    /// <summary>USD it was expected to cost.</summary>
    public decimal? Estimate { get; init; }

    /// <summary>The level at which the model thought; empty where it has none.</summary>
    public string? Thinking { get; init; }

    /// <summary>Tokens of thoughts and words in the answer.</summary>
    public long? Thoughts { get; init; }

    /// <summary>USD it did cost.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The service's id of the answer; the hash of its picture where the service gave none, null where there
    /// is neither.</summary>
    public string? Answer { get; init; }

    /// <summary>Path of the picture inside the destination, / between folders.</summary>
    public string? File { get; init; }

    public string? Sha256 { get; init; }

    public long? Length { get; init; }

    /// <summary>When the file was last written, UTC.</summary>
    public DateTime? Modified { get; init; }

    public string? ErrorId { get; init; }

    public NbErrorKind? ErrorKind { get; init; }

    public string? Message { get; init; }

    public string? Advice { get; init; }
}
