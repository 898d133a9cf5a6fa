using System.Collections.Immutable;

namespace NanoBanana.Batches.Manifests;

/// <summary>One picture of a manifest: a new one by <see cref="Prompt"/>, or a change to another by <see cref="From"/>
/// and <see cref="Edit"/>.
/// What is null is left to the manifest's defaults, for an edit first to what its source was made with.</summary>
public sealed record ManifestItem
{
    /// <summary>Unique in its manifest; the name of its file unless <see cref="OutFile"/> says otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>The scene to draw; null for an edit.</summary>
    public string? Prompt { get; init; }

    /// <summary>Name of the item to change, or path of a picture to change; null for a new picture.</summary>
    public string? From { get; init; }

    /// <summary>What to change; null for a new picture.</summary>
    public string? Edit { get; init; }

    /// <summary>Names of anchors; null to leave it to the defaults (an edit has none by default: its source brought
    /// them).</summary>
    public ImmutableArray<string>? Anchors { get; init; }

    /// <summary>Other pictures to look at; null to leave it to the defaults (an edit has none by default).</summary>
    public ImmutableArray<ManifestReference>? References { get; init; }

    /// <summary>Alias or id of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Such as 16:9.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>512, 1K, 2K or 4K.</summary>
    public string? Size { get; init; }

    /// <summary>Searches the model may make: web, image.</summary>
    public ImmutableArray<string>? Grounding { get; init; }

    /// <summary>How hard the model thinks.</summary>
    public string? ThinkingLevel { get; init; }

    /// <summary>Whether the thoughts come with the image.</summary>
    public bool? IncludeThoughts { get; init; }

    /// <summary>Instruction that stands above the conversation.</summary>
    public string? SystemInstruction { get; init; }

    /// <summary>A threshold for every category, or CATEGORY=THRESHOLD.</summary>
    public ImmutableArray<string>? SafetyThreshold { get; init; }

    /// <summary>Ask for no words beside the image.</summary>
    public bool? ImageOnly { get; init; }

    /// <summary>For an edit: start anew from the source's picture, leaving its conversation behind.</summary>
    public bool? Rebase { get; init; }

    /// <summary>For an edit: how many turns of the conversation may go along; null for all.</summary>
    public int? MaxHistory { get; init; }

    /// <summary>Best effort, undocumented for images.</summary>
    public int? Seed { get; init; }

    /// <summary>Path of the picture inside the destination; its extension follows the picture's true format.</summary>
    public string? OutFile { get; init; }

    /// <summary>What the picture at <see cref="From"/> hashed to when the batch was started; null in a manifest that
    /// people write.
    /// The destination keeps a copy of it.</summary>
    internal string? FromSha256 { get; init; }

    /// <summary>Where it stands in the manifest's file, for errors.</summary>
    internal TextPosition? Position { get; init; }

    /// <summary>What it asks for, in words.</summary>
    internal string Words => Edit ?? Prompt ?? "";
}
