using System.Collections.Immutable;
using NanoBanana.Requests;

namespace NanoBanana.Images;

/// <summary>How a request ended: with images or with an error, never with neither.</summary>
/// <param name="Request">What was sent.</param>
/// <param name="Images">The images; empty when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record ImageOutcome(PreparedRequest Request, ImmutableArray<NbImage> Images, Exception? Error);
