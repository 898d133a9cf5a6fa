using System.Text.Json;
using NanoBanana.Gemini.Json;

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
        if (chunk.Field("image") is { } image && image.TextOf("sourceUri") is { } page)
        {
            return new GroundingSource(image.TextOf("title") ?? "", page, image.TextOf("imageUri"));
        }
        return chunk.Field("web") is { } web && web.TextOf("uri") is { } uri
            ? new GroundingSource(web.TextOf("title") ?? "", uri, null)
            : null;
    }
}
