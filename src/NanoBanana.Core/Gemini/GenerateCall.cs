using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Models;

namespace NanoBanana.Gemini;

/// <summary>One generateContent request as it goes over the wire: already validated, composed and resolved. What was
/// not set is absent.</summary>
public sealed record GenerateCall
{
    /// <summary>Model id, no alias.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, ending with the new user turn.</summary>
    public required ImmutableArray<Turn> Contents { get; init; }

    /// <summary>Id of the answer that ends the history, where the service keeps it: then the history itself stays
    /// here. Null to send it along.</summary>
    public string? PreviousAnswer { get; init; }

    /// <summary>The turns that go over the wire.</summary>
    internal ImmutableArray<Turn> Sent => PreviousAnswer is null ? Contents
        : [.. Contents.Reverse().TakeWhile(turn => turn.Role != Turn.Model).Reverse()];

    /// <summary>Instruction that stands above the conversation.</summary>
    public string? SystemInstruction { get; init; }

    /// <summary>Threshold by harm category, both in the service's own words.</summary>
    public ImmutableArray<SafetySetting> SafetySettings { get; init; } = [];

    /// <summary>What the model may use, in the catalog's order.</summary>
    public ImmutableArray<ModelTool> Tools { get; init; } = [];

    /// <summary>TEXT, IMAGE; empty leaves the choice to the service.</summary>
    public ImmutableArray<string> ResponseModalities { get; init; } = [];

    /// <summary>Such as 16:9.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>512, 1K, 2K or 4K.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Such as high.</summary>
    public string? ThinkingLevel { get; init; }

    /// <summary>Whether thoughts come with the answer.</summary>
    public bool IncludeThoughts { get; init; }

    /// <summary>Best effort, undocumented for images.</summary>
    public int? Seed { get; init; }

    /// <summary>The schema of the JSON that is wanted as the answer; null for words and pictures.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>Most tokens of the answer; null for the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Options that go over the wire as they are.</summary>
    public ImmutableArray<WireField> Fields { get; init; } = [];

    /// <summary>How long to wait at least for the answer; null for the connection's own timeout.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the service is asked to keep no copy of the request.</summary>
    public bool NoStore { get; init; }
}
