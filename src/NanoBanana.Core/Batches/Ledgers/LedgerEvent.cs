namespace NanoBanana.Batches.Ledgers;

/// <summary>One line of the ledger. Properties that do not apply are null.</summary>
internal sealed record LedgerEvent
{
    public required LedgerEventKind Kind { get; init; }

    public required string Item { get; init; }

    /// <summary>Time of the line, set by the ledger; it never decreases.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Hash of what goes into the item: the item is up to date while this stays the same.</summary>
    public string? ItemKey { get; init; }

    /// <summary>Hash of the request as sent, which the sidecar of its picture repeats.</summary>
    public string? RequestHash { get; init; }

    public string? Model { get; init; }

    public BatchMode? Mode { get; init; }

    /// <summary>Whether it belongs to an offline rehearsal, which costs nothing and makes no real picture.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The edition it is made for; on lines of kind planned and submitted. Null for none.</summary>
    public string? Edition { get; init; }

    /// <summary>Whether it is made again although it is up to date; on lines of kind planned.</summary>
    public bool IsForced { get; init; }

    /// <summary>Name of the job at the service.</summary>
    public string? Job { get; init; }

    /// <summary>Number of the try, from 1; null when there is only one.</summary>
    public int? Try { get; init; }

    /// <summary>Hash of the rule that a picture was composed or checked by; null for none.</summary>
    public string? Rule { get; init; }

    /// <summary>Expected cost in USD.</summary>
    public decimal? Estimate { get; init; }

    /// <summary>The thinking level; empty when the model has none.</summary>
    public string? Thinking { get; init; }

    /// <summary>Tokens of thoughts and words in the answer.</summary>
    public long? Thoughts { get; init; }

    /// <summary>Actual cost in USD.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The service's id of the answer; the hash of its picture when the service gave no id; null when there is
    /// neither.</summary>
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
