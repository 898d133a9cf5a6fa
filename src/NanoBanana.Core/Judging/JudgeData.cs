using System.Text.Json;
using System.Text.Json.Serialization;
using NanoBanana.Models;

namespace NanoBanana.Judging;

/// <summary>The form of judge.json: the models, the prompts, and the schema of the answer.</summary>
internal sealed record JudgeData
{
    public required string Id { get; init; }
    public required string DefaultModel { get; init; }
    public required IReadOnlyList<JudgeModelData> Models { get; init; }
    public required int ImageTokens { get; init; }
    public required int AnswerTokens { get; init; }
    public required int MaxOutputTokens { get; init; }
    public required double MinimumScore { get; init; }
    public required JudgeWords Words { get; init; }
    public required IReadOnlyList<AspectData> Aspects { get; init; }
    public required JsonElement Schema { get; init; }
}

internal sealed record JudgeModelData
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<string> Aliases { get; init; } = [];
    public required JudgePrices Prices { get; init; }
    public string? Note { get; init; }
}

internal sealed record JudgePrices(decimal TextInPerMillion, decimal TextOutPerMillion);

internal sealed record AspectData(string Name, string When);

internal sealed record JudgeWords
{
    public required string Instruction { get; init; }
    public required string Reference { get; init; }
    public required string Candidate { get; init; }
    public required string Prompt { get; init; }
    public required string Forbidden { get; init; }
    public required string Logo { get; init; }
    public required string Task { get; init; }
    public required string Retry { get; init; }
    public required IReadOnlyDictionary<ReferenceRole, string> Roles { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JudgeData))]
internal sealed partial class JudgeJson : JsonSerializerContext;
