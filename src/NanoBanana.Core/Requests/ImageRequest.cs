using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>A request by the user: a new image, or a change to one. Nothing in it has been checked yet.</summary>
public sealed record ImageRequest
{
    /// <summary>The scene to draw; with <see cref="Source"/>, what to change.</summary>
    public required string Prompt { get; init; }

    /// <summary>Words of our own that follow the user's, such as what to draw behind the subject; null for
    /// none.</summary>
    public string? PromptSuffix { get; init; }

    /// <summary>The image to change; null to draw a new one.</summary>
    public NbImage? Source { get; init; }

    /// <summary>Start anew from the source's picture alone, leaving its conversation behind.</summary>
    public bool Rebase { get; init; }

    /// <summary>How many turns of the source's conversation may go along; null for all. Fewer than one exchange is a
    /// rebase.</summary>
    public int? MaxHistory { get; init; }

    /// <summary>Alias or id of the model; null for the source's model, or the default.</summary>
    public string? Model { get; init; }

    /// <summary>Such as 16:9; null to follow the input image, else square.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>512, 1K, 2K or 4K; null for the model's default.</summary>
    public string? Size { get; init; }

    /// <summary>What shall stay the same.</summary>
    public ImmutableArray<Anchor> Anchors { get; init; } = [];

    /// <summary>Other pictures to look at.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>Searches the model may make: web, image.</summary>
    public ImmutableArray<string> Grounding { get; init; } = [];

    /// <summary>How hard the model thinks, in the model's own words.</summary>
    public string? ThinkingLevel { get; init; }

    /// <summary>Whether the thoughts come with the image.</summary>
    public bool IncludeThoughts { get; init; }

    /// <summary>A threshold for every category, or CATEGORY=THRESHOLD, in the service's own words.</summary>
    public ImmutableArray<string> SafetyThreshold { get; init; } = [];

    /// <summary>Instruction that stands above the conversation.</summary>
    public string? SystemInstruction { get; init; }

    /// <summary>Ask for no words beside the image.</summary>
    public bool ImageOnly { get; init; }

    /// <summary>Best effort, undocumented for images.</summary>
    public int? Seed { get; init; }
}
