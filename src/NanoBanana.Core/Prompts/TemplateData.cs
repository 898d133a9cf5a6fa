using System.Text.Json.Serialization;

namespace NanoBanana.Prompts;

/// <summary>The form of a template in a file.</summary>
internal sealed record TemplateData
{
    public required string Name { get; init; }
    public string? Kind { get; init; }
    public string? Description { get; init; }
    public required IReadOnlyList<string> Text { get; init; }
    public IReadOnlyList<SlotData>? Slots { get; init; }
    public string? Advice { get; init; }
}

internal sealed record SlotData
{
    public required string Name { get; init; }
    public string? Description { get; init; }
    public string? Default { get; init; }
    public IReadOnlyList<string>? Examples { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TemplateData))]
internal sealed partial class PromptJson : JsonSerializerContext;
