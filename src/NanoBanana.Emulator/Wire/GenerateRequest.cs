using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>A generateContent request after it was read: what the rules and the generator look at.</summary>
internal sealed record GenerateRequest
{
    /// <summary>The message an error names.</summary>
    public string Message { get; init; } = "GenerateContentRequest";

    /// <summary>The field that holds ratio and size, as an error names it.</summary>
    public string ImageField { get; init; } = "generation_config.image_config";

    public required IReadOnlyList<RequestTurn> Contents { get; init; }
    public RequestTurn? SystemInstruction { get; init; }
    public IReadOnlyList<string> Modalities { get; init; } = [];
    public string? AspectRatio { get; init; }
    public string? ImageSize { get; init; }
    public string? ThinkingLevel { get; init; }
    public long? ThinkingBudget { get; init; }
    public bool HasThinkingConfig { get; init; }
    public bool IncludeThoughts { get; init; }
    public long? CandidateCount { get; init; }
    public long? MaxOutputTokens { get; init; }
    public long? Seed { get; init; }
    public string? ResponseMimeType { get; init; }

    /// <summary>The shape asked for, in either of the service's two ways to say it.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>Names of the tools as the wire spells them.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public bool WebSearch { get; init; }
    public bool ImageSearch { get; init; }

    /// <summary>Whether the service may keep the request; null when the request does not say.</summary>
    public bool? Store { get; init; }

    /// <summary>low, medium or high; null when the request does not say.</summary>
    public string? MediaResolution { get; init; }

    public string? ServiceTier { get; init; }
    public string? CachedContent { get; init; }
}
