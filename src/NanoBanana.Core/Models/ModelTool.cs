using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Models;

/// <summary>A tool that a model may use while it draws, such as a search: its name and what is sent for it.</summary>
public sealed record ModelTool
{
    /// <summary>Its name for users.</summary>
    [JsonIgnore]
    public string Name { get; internal init; } = "";

    /// <summary>What the model uses it for.</summary>
    public string? Description { get; init; }

    /// <summary>The JSON sent for it, by name of the API; an API that is not listed does not have the tool.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Wire { get; init; }

    /// <summary>The JSON sent instead when another tool goes into the same object, by name of the API.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Together { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
