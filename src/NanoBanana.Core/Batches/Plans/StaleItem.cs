namespace NanoBanana.Batches.Plans;

/// <summary>An item of a batch whose picture is not what it should be, and why.</summary>
public sealed record StaleItem
{
    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Why: its picture was never made, is too old, what goes into it has changed, its model is switched off,
    /// or what went wrong.</summary>
    public required string Reason { get; init; }

    /// <summary>Where it stands.</summary>
    public required BatchItemState State { get; init; }

    /// <summary>When its picture was made; null when there never was one.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Id of the model that its picture was made with; null when there never was one.</summary>
    public string? Model { get; init; }

    /// <summary>Full path of its picture; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>USD it is expected to cost to make it; null when unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Full path of the batch's folder.</summary>
    public required string Destination { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Reason}";
}
