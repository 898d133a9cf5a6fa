using System.Text.Json;
using NanoBanana.Storage;

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
        PromptTokens = StoredJson.Tokens(json.GetProperty("promptTokens").GetInt64()),
        PromptImageTokens = StoredJson.Tokens(json, "promptImageTokens"),
        CandidateTokens = StoredJson.Tokens(json.GetProperty("candidateTokens").GetInt64()),
        ImageTokens = StoredJson.Tokens(json, "imageTokens"),
        ThoughtTokens = StoredJson.Tokens(json.GetProperty("thoughtTokens").GetInt64()),
        TotalTokens = StoredJson.Tokens(json.GetProperty("totalTokens").GetInt64()),
        ServiceTier = json.TryGetProperty("serviceTier", out JsonElement tier) ? tier.GetString() : null,
    };
}
