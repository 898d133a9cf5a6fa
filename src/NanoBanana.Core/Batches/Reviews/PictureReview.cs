namespace NanoBanana.Batches.Reviews;

/// <summary>What a person said of one picture.</summary>
public sealed record PictureReview
{
    /// <summary>SHA-256 of the picture that was looked at: another picture in its place is not reviewed.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether it is good.</summary>
    public ReviewDecision Decision { get; init; }

    /// <summary>What to change, or why it was rejected; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>When it was said; null when unknown.</summary>
    public DateTimeOffset? At { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Note is null ? $"{Decision}" : $"{Decision}: {Note}";
}
