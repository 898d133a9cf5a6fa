using System.Collections.Immutable;
using NanoBanana.Images;

namespace NanoBanana.Generation;

/// <summary>How an order ended: with images or with an error, never with neither.</summary>
/// <param name="Settlement">Whether it was billed.</param>
public sealed record Outcome(Settlement Settlement)
{
    /// <summary>The images, with a path where they were saved; empty when there are none.</summary>
    public ImmutableArray<NbImage> Images { get; init; } = [];

    /// <summary>Errors of images that could not be saved. Those images are in <see cref="Images"/> all the same,
    /// because they were paid for.</summary>
    public ImmutableArray<NbException> Unsaved { get; init; } = [];

    /// <summary>Why there is no image; null when there is one, and when the run was ended from outside.</summary>
    public NbException? Error { get; init; }

    /// <summary>Errors of images that could not be checked; those images are in <see cref="Images"/> all the
    /// same.</summary>
    public NbException? Unchecked { get; init; }

    /// <summary>Every try in order; empty when there was only one.</summary>
    public ImmutableArray<Outcome> Tries { get; init; } = [];

    /// <summary>How many tries were made; each may have been billed.</summary>
    public int TryCount =>
        Tries.IsEmpty ? 1 : Tries.Count(one => one.Settlement != Settlement.NotCarriedOut);

    /// <summary>Why the tries ended early, before one was accepted; null when all were made or one was
    /// accepted.</summary>
    public NbException? Ending { get; init; }

    /// <summary>Whether it was checked and is not good enough.</summary>
    public bool IsRejected => Images.Any(image => image.Verdict is { IsAccepted: false });

    /// <summary>Whether its picture was made before this order, and must still be composed.</summary>
    internal bool IsUncomposed { get; init; }

    /// <summary>USD it cost, judging included; null when unknown. Earlier payments are not included.</summary>
    public decimal? Cost { get; init; }
}
