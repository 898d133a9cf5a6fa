using System.Text.Json;

namespace NanoBanana.Conversations;

/// <summary>Tokens as JSON: the form of the sidecar.</summary>
internal static class TokenCountJson
{
    public static void Write(Utf8JsonWriter writer, string name, TokenCount usage)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("promptTokens", usage.PromptTokens);
        if (usage.PromptImageTokens is { } promptImages) writer.WriteNumber("promptImageTokens", promptImages);
        writer.WriteNumber("candidateTokens", usage.CandidateTokens);
        if (usage.ImageTokens is { } images) writer.WriteNumber("imageTokens", images);
        writer.WriteNumber("thoughtTokens", usage.ThoughtTokens);
        writer.WriteNumber("totalTokens", usage.TotalTokens);
        if (usage.ServiceTier is { } tier) writer.WriteString("serviceTier", tier);
        writer.WriteEndObject();
    }

    public static TokenCount Read(JsonElement json) => new()
    {
        PromptTokens = json.GetProperty("promptTokens").GetInt64(),
        PromptImageTokens = json.TryGetProperty("promptImageTokens", out JsonElement prompt) ? prompt.GetInt64() : null,
        CandidateTokens = json.GetProperty("candidateTokens").GetInt64(),
        ImageTokens = json.TryGetProperty("imageTokens", out JsonElement images) ? images.GetInt64() : null,
        ThoughtTokens = json.GetProperty("thoughtTokens").GetInt64(),
        TotalTokens = json.GetProperty("totalTokens").GetInt64(),
        ServiceTier = json.TryGetProperty("serviceTier", out JsonElement tier) ? tier.GetString() : null,
    };
}
