using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Extensions.AI;

/// <summary>What an <see cref="NbImageGenerator"/> keeps to.</summary>
public sealed record NbImageGeneratorOptions
{
    /// <summary>Id or alias of the model for requests that name none; null for the catalog's default.</summary>
    public string? Model { get; init; }

    /// <summary>The money that all requests share.</summary>
    public Budget Budget { get; init; } = new(limit: null);

    /// <summary>Most calls in flight for one request, 1 or more.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Full path of the folder where images are saved with their conversations; null to keep them in
    /// memory.</summary>
    public string? Folder { get; init; }

    /// <summary>Where the names of anchors are looked up; null when there are none.</summary>
    public AnchorLibrary? Anchors { get; init; }
}
