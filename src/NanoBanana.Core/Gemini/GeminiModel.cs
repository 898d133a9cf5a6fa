using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

/// <summary>A model as the service lists it.</summary>
public sealed record GeminiModel
{
    /// <summary>Id without <c>models/</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people; null when there is none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it is; null when the service does not say.</summary>
    public string? Description { get; init; }

    /// <summary>Most tokens of a request; null when unknown.</summary>
    public long? InputTokenLimit { get; init; }

    /// <summary>Most tokens of an answer; null when unknown.</summary>
    public long? OutputTokenLimit { get; init; }

    /// <summary>What it can do, such as generateContent; empty when the service does not say.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    internal static GeminiModel? FromJson(JsonElement json)
    {
        if (json.TextOf("name") is not { Length: > 0 } name) return null;
        return new GeminiModel
        {
            Id = name[(name.LastIndexOf('/') + 1)..],
            DisplayName = json.TextOf("displayName"),
            Description = json.TextOf("description"),
            InputTokenLimit = json.Field("inputTokenLimit")?.Int64(),
            OutputTokenLimit = json.Field("outputTokenLimit")?.Int64(),
            Methods = [.. json.ItemsOf("supportedGenerationMethods").Select(method => method.Text()).OfType<string>()],
        };
    }
}
