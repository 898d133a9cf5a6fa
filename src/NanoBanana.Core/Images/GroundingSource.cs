using System.Text.Json;

namespace NanoBanana.Images;

/// <summary>One page or image that a search gave the model.</summary>
/// <param name="Title">The page's title; empty when the service gave none.</param>
/// <param name="Page">Address of the page, which must be one click away from where the image is shown.</param>
/// <param name="Image">Address of the source image; null for a web page.</param>
public sealed record GroundingSource(string Title, string Page, string? Image)
{
    /// <inheritdoc/>
    public override string ToString() => Title.Length > 0 ? $"{Title} ({Page})" : Page;

    internal static GroundingSource? From(JsonElement chunk)
    {
        if (chunk.ValueKind != JsonValueKind.Object) return null;
        if (chunk.TryGetProperty("image", out JsonElement image) && TextOf(image, "sourceUri") is { } page)
        {
            return new GroundingSource(TextOf(image, "title") ?? "", page, TextOf(image, "imageUri"));
        }
        return chunk.TryGetProperty("web", out JsonElement web) && TextOf(web, "uri") is { } uri
            ? new GroundingSource(TextOf(web, "title") ?? "", uri, null)
            : null;
    }

    internal static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
