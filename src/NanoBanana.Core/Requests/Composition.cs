using System.Text.Json;
using System.Text.Json.Serialization;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>The form of composition.json: the sentences around the user's words.</summary>
internal sealed record Composition
{
    public required string Source { get; init; }
    public required string OfSeveral { get; init; }
    public required CountWords Label { get; init; }
    public required CountWords Images { get; init; }
    public required string Media { get; init; }
    public required string MediaName { get; init; }
    public required string And { get; init; }
    public required IReadOnlyDictionary<ReferenceRole, RoleWords> Roles { get; init; }
    public required SheetWords Sheet { get; init; }
}

internal sealed record CountWords(string One, string Many);

internal sealed record SheetWords(string View, IReadOnlyDictionary<string, string> Views);

internal sealed record RoleWords(string What, string? Keep);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(Composition))]
internal sealed partial class CompositionJson : JsonSerializerContext;
