using System.Text.Json.Serialization;

namespace NanoBanana.Models;

/// <summary>The form of models.json.</summary>
internal sealed record CatalogData
{
    public DateOnly AsOf { get; init; }
    public required string DefaultModel { get; init; }
    public required decimal BatchPriceFactor { get; init; }
    public required IReadOnlyList<ModelInfo> Models { get; init; }

    public required SafetyWords Safety { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyDictionary<string, ModelTool> Tools { get; init; }

    /// <summary>Table name, aspect ratio, size: "WIDTHxHEIGHT".</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> Pixels
    {
        get;
        init;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CatalogData))]
internal sealed partial class CatalogJson : JsonSerializerContext;
