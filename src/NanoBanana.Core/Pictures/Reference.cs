using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>A picture given along with a prompt, and what it is there for.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Name">Name of the anchor or thing it shows; null when only the prompt speaks of it.</param>
/// <param name="Description">Fixed words on it, repeated in every prompt; null when there are none.</param>
public sealed record Reference(
    Picture Picture, ReferenceRole Role = ReferenceRole.Image, string? Name = null, string? Description = null)
{
    /// <summary>The bytes of references, as far as they are here.</summary>
    internal static IEnumerable<Blob> Blobs(IEnumerable<Reference> references) =>
        references.Where(one => one.Picture.Address is null).Select(one => one.Picture.Data);

    /// <inheritdoc/>
    public override string ToString() => Name ?? Picture.Name;
}
