using NanoBanana.Models;

namespace NanoBanana.Batches.Manifests;

/// <summary>A picture that is sent with one item.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Name">Name of what it shows; null when only the prompt refers to it.</param>
/// <param name="Description">Fixed words on it; null for none.</param>
public sealed record ManifestReference(
    ManifestPicture Picture, ReferenceRole Role = ReferenceRole.Image, string? Name = null, string? Description = null);
