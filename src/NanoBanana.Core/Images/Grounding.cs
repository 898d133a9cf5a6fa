using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Images;

/// <summary>What a search gave the model. Google asks whoever shows the image to link the source pages and show the
/// search entry point.</summary>
public sealed record Grounding
{
    /// <summary>Pages and images the model used.</summary>
    public ImmutableArray<GroundingSource> Sources { get; init; } = [];

    /// <summary>Which parts of the answer are supported by which sources.</summary>
    public ImmutableArray<GroundingSupport> Supports { get; init; } = [];

    /// <summary>The web searches.</summary>
    public ImmutableArray<string> WebQueries { get; init; } = [];

    /// <summary>The image searches.</summary>
    public ImmutableArray<string> ImageQueries { get; init; } = [];

    /// <summary>Foreign HTML that must be shown with the image; empty when there is none. Sandbox it.</summary>
    public string SearchEntryPoint { get; init; } = "";

    /// <summary>The service's complete object.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>Reads a <c>groundingMetadata</c> object; whatever is missing stays empty.</summary>
    public static Grounding From(JsonElement raw) => new()
    {
        Raw = raw,
        Sources = [.. raw.ItemsOf("groundingChunks").Select(GroundingSource.From).OfType<GroundingSource>()],
        Supports = [.. GroundingSupport.AllOf(raw)],
        WebQueries = [.. Texts(raw, "webSearchQueries")],
        ImageQueries = [.. Texts(raw, "imageSearchQueries")],
        SearchEntryPoint = raw.Field("searchEntryPoint")?.TextOf("renderedContent") ?? "",
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        string sources = Sources.Length switch { 0 => "no source", 1 => "1 source", int count => $"{count} sources" };
        string queries = string.Join(", ", WebQueries.Concat(ImageQueries));
        return queries.Length > 0 ? $"{sources}: {queries}" : sources;
    }

    private static IEnumerable<string> Texts(JsonElement raw, string name) =>
        raw.ItemsOf(name).Select(item => item.Text()).OfType<string>();
}
