using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Models;

namespace NanoBanana.Gemini;

/// <summary>One request as it is sent: validated, composed and resolved. Unset options are absent.</summary>
public sealed record GenerateCall
{
    /// <summary>Model id, no alias.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, ending with the new user turn.</summary>
    public required ImmutableArray<Turn> Contents { get; init; }

    /// <summary>Id of the answer that ends the history, when the service keeps it: then the history is not sent. Null
    /// to send the history.</summary>
    public string? PreviousAnswer { get; init; }

    /// <summary>The turns that are sent.</summary>
    internal ImmutableArray<Turn> Sent => PreviousAnswer is null ? Contents
        : [.. Contents.Reverse().TakeWhile(turn => turn.Role != Turn.Model).Reverse()];

    /// <summary>System instruction for the whole conversation.</summary>
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

    /// <summary>The schema for an answer in JSON; null for text and pictures.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>Most tokens of the answer; null for the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Options that are sent unchanged.</summary>
    public ImmutableArray<WireField> Fields { get; init; } = [];

    /// <summary>Shortest timeout for the answer; null for the connection's timeout.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the service is asked to keep no copy of the request.</summary>
    public bool NoStore { get; init; }
}
