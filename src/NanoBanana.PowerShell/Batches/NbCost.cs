using NanoBanana.Batches.Plans;

namespace NanoBanana.PowerShell;

/// <summary>The expected cost of an item.</summary>
/// <param name="Name">Name of the item.</param>
/// <param name="Model">Id of the model.</param>
/// <param name="State">Its state: an item that is up to date costs nothing more.</param>
/// <param name="Live">USD when it is made live; null when the price is unknown.</param>
/// <param name="Batch">USD when it is made in a batch job; null when the price is unknown.</param>
/// <param name="Prompt">Its prompt or edit.</param>
public sealed record NbCost(string Name, string Model, BatchItemState State, decimal? Live, decimal? Batch,
    string Prompt);
