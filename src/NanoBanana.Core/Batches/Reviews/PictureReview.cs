namespace NanoBanana.Batches.Reviews;

/// <summary>A person's review of one picture.</summary>
public sealed record PictureReview
{
    /// <summary>SHA-256 of the reviewed picture: the review does not apply to another picture in its place.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The decision.</summary>
    public ReviewDecision Decision { get; init; }

    /// <summary>What to change, or why it was rejected; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>When it was reviewed; null when unknown.</summary>
    public DateTimeOffset? At { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Note is null ? $"{Decision}" : $"{Decision}: {Note}";
}
