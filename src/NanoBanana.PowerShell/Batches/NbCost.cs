using NanoBanana.Batches.Plans;

namespace NanoBanana.PowerShell;

/// <summary>What an item is expected to cost.</summary>
/// <param name="Name">Name of the item.</param>
/// <param name="Model">Id of the model.</param>
/// <param name="State">Where it stands: what is up to date costs nothing more.</param>
/// <param name="Live">USD when it is made live; null when the price is unknown.</param>
/// <param name="Batch">USD when it is made in a batch job; null when the price is unknown.</param>
/// <param name="Prompt">What it shows or changes.</param>
public sealed record NbCost(string Name, string Model, BatchItemState State, decimal? Live, decimal? Batch,
    string Prompt);
