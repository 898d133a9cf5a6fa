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

    /// <summary>Why images could not be checked; they are among the images all the same.</summary>
    public NbException? Unchecked { get; init; }

    /// <summary>Every try, the last one last; empty when there was one only.</summary>
    public ImmutableArray<Outcome> Tries { get; init; } = [];

    /// <summary>How many tries were made, and may have been billed.</summary>
    public int TryCount =>
        Tries.IsEmpty ? 1 : Tries.Count(one => one.Settlement != Settlement.NotCarriedOut);

    /// <summary>Why the tries ended before one was accepted; null when all were made, or one was.</summary>
    public NbException? Ending { get; init; }

    /// <summary>Whether it was checked and is not good enough.</summary>
    public bool IsRejected => Images.Any(image => image.Verdict is { IsAccepted: false });

    /// <summary>Whether its picture was made before this order, and is still to be composed.</summary>
    internal bool IsUncomposed { get; init; }

    /// <summary>USD it cost, judging included; null when unknown. What was paid before this order is not part of
    /// it.</summary>
    public decimal? Cost { get; init; }
}
