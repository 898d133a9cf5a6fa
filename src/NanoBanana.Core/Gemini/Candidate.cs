using System.Text.Json;
using NanoBanana.Conversations;

namespace NanoBanana.Gemini;

/// <summary>One proposed continuation of the conversation.</summary>
internal sealed record Candidate
{
    /// <summary>The model's turn; null when the service sent no content.</summary>
    public Turn? Content { get; init; }

    /// <summary>Index of the candidate, from 0; the chunks of a stream repeat it.</summary>
    internal long Index { get; init; }

    /// <summary>STOP, IMAGE_SAFETY, NO_IMAGE, ...: an open vocabulary.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The service's words on the finish reason.</summary>
    public string? FinishMessage { get; init; }

    /// <summary>The raw <c>groundingMetadata</c> object; null when there was none.</summary>
    public JsonElement? GroundingMetadata { get; init; }
}
