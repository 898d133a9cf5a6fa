using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>A request by the user: a new image, or a change to one, with its options. Nothing in it has been checked
/// yet.</summary>
public sealed record ImageRequest : RequestOptions
{
    /// <summary>The scene to draw; with <see cref="Source"/>, what to change.</summary>
    public required string Prompt { get; init; }

    /// <summary>Words the library adds after the user's, such as the background to draw; null for none.</summary>
    public string? PromptSuffix { get; init; }

    /// <summary>The image to change; null to draw a new one.</summary>
    public NbImage? Source { get; init; }

    /// <summary>What stays the same.</summary>
    public ImmutableArray<Anchor> Anchors { get; init; } = [];

    /// <summary>Other pictures to look at.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];
}
