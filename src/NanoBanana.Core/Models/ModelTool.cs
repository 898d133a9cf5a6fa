using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Models;

/// <summary>A tool that a model may use while it draws, such as a search: a name, and what goes over the wire for
/// it.</summary>
public sealed record ModelTool
{
    /// <summary>What users call it.</summary>
    [JsonIgnore]
    public string Name { get; internal init; } = "";

    /// <summary>What the model does with it.</summary>
    public string? Description { get; init; }

    /// <summary>What is sent for it, by the name of the API; an API that is not named does not have it.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Wire { get; init; }

    /// <summary>What is sent instead where another tool goes into the same object, by the name of the API.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Together { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
