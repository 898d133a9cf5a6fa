namespace NanoBanana.Batches.Plans;

/// <summary>An item of a batch whose picture is out of date, and why.</summary>
public sealed record StaleItem
{
    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>The reason: its picture was never made or is too old, its inputs have changed, its model was retired,
    /// or an error.</summary>
    public required string Reason { get; init; }

    /// <summary>Its state.</summary>
    public required BatchItemState State { get; init; }

    /// <summary>When its picture was made; null when there never was one.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Id of the model that its picture was made with; null when there never was one.</summary>
    public string? Model { get; init; }

    /// <summary>Full path of its picture; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Expected cost in USD to make it; null when unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Full path of the batch's folder.</summary>
    public required string Destination { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Reason}";
}
