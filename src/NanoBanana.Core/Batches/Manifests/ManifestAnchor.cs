using System.Collections.Immutable;
using NanoBanana.Models;

namespace NanoBanana.Batches.Manifests;

/// <summary>An anchor as a manifest names it; its pictures have not been opened.</summary>
/// <param name="Name">Its name in items and prompts.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Description">Repeated word for word in every prompt; null for none.</param>
/// <param name="Pictures">At least one.</param>
public sealed record ManifestAnchor(string Name, ReferenceRole Role, string? Description,
    ImmutableArray<ManifestPicture> Pictures)
{
    /// <summary>Where it stands in the manifest's file, for errors.</summary>
    internal TextPosition? Position { get; init; }
}
