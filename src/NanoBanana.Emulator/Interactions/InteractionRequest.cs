using System.Text.Json;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>A request for an interaction after it was read.</summary>
internal sealed record InteractionRequest
{
    public required string Model { get; init; }

    /// <summary>The steps of this interaction's own input.</summary>
    public required IReadOnlyList<InputStep> Input { get; init; }

    /// <summary>The request in the form of generateContent, without the earlier conversation.</summary>
    public required GenerateRequest Generate { get; init; }

    public bool IsStored { get; init; } = true;
    public bool InBackground { get; init; }
    public bool IsStreamed { get; init; }
    public string? PreviousId { get; init; }
    public string? ContinuationToken { get; init; }

    /// <summary>Whether pictures are answered as addresses.</summary>
    public bool LinksPictures { get; init; }

    /// <summary>Fields that the answer repeats unchanged.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Echo { get; init; } = [];
}
