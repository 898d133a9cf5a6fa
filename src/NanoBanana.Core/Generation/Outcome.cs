using System.Collections.Immutable;
using NanoBanana.Images;

namespace NanoBanana.Generation;

/// <summary>How an order ended: with images or with an error, never with neither.</summary>
/// <param name="Settlement">What became of its money.</param>
public sealed record Outcome(Settlement Settlement)
{
    /// <summary>The images, with a path where they were saved; empty when it gave none.</summary>
    public ImmutableArray<NbImage> Images { get; init; } = [];

    /// <summary>Why images could not be saved. They are among the images all the same: they were paid for.</summary>
    public ImmutableArray<NbException> Unsaved { get; init; } = [];

    /// <summary>Why there is no image; null when there is one, and when the run was ended from outside.</summary>
    public NbException? Error { get; init; }

    /// <summary>USD it cost; null when unknown.</summary>
    public decimal? Cost { get; init; }
}
