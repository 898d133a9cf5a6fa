using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>How a request ended: with images or with an error, never with neither.</summary>
/// <param name="Request">What was sent.</param>
/// <param name="Place">Where its images go.</param>
/// <param name="Images">The images, with a path where they were saved; empty when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record ImageOutcome(PreparedRequest Request, ImagePlace Place, ImmutableArray<NbImage> Images, Exception? Error)
{
    /// <summary>Why images could not be saved. They are among the images all the same: they were paid for.</summary>
    public ImmutableArray<NbException> Unsaved { get; init; } = [];
}
