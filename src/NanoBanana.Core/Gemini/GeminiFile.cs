using System.Text.Json;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

/// <summary>A file at the service.</summary>
internal sealed record GeminiFile
{
    /// <summary>Such as files/abc.</summary>
    public required string Name { get; init; }

    /// <summary>The address that requests use; empty for files that can only be downloaded, such as results.</summary>
    public string Uri { get; init; } = "";

    /// <summary>The type it was uploaded as; empty when unknown.</summary>
    public string MimeType { get; init; } = "";

    /// <summary>Its name for people; null when it has none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Bytes; null when unknown.</summary>
    public long? Length { get; init; }

    /// <summary>PROCESSING, ACTIVE, FAILED: an open vocabulary. Only an active file can be used.</summary>
    public string? State { get; init; }

    /// <summary>When it was uploaded; null when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the service deletes it, 48 hours after the upload; null when unknown.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The service's hash of the bytes, as it spells it; null when unknown.</summary>
    public string? Sha256Hash { get; init; }

    internal static GeminiFile? FromJson(JsonElement json)
    {
        JsonElement file = json.Field("file") ?? json;
        if (file.TextOf("name") is not { Length: > 0 } name) return null;
        return new GeminiFile
        {
            Name = name,
            Uri = file.TextOf("uri") ?? "",
            MimeType = file.TextOf("mimeType") ?? "",
            DisplayName = file.TextOf("displayName"),
            Length = file.Field("sizeBytes")?.Int64(),
            State = file.TextOf("state"),
            CreatedAt = file.TimeOf("createTime"),
            ExpiresAt = file.TimeOf("expirationTime"),
            Sha256Hash = file.TextOf("sha256Hash"),
        };
    }
}
