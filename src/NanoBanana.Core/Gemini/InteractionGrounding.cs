using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

/// <summary>Converts the searches in the steps of an interaction to the form of generateContent
/// (<c>groundingMetadata</c>).</summary>
internal static class InteractionGrounding
{
    /// <summary>The object; null when nothing was searched or cited.</summary>
    public static JsonElement? Of(ImmutableArray<InteractionStep> steps)
    {
        var metadata = new JsonObject();
        AddQueries(metadata, steps);
        if (Suggestions(steps) is { } suggestions)
        {
            metadata["searchEntryPoint"] = new JsonObject { ["renderedContent"] = suggestions };
        }
        AddCitations(metadata, steps);
        return metadata.Count == 0 ? null : JsonElements.Of(metadata);
    }

    private static void AddQueries(JsonObject metadata, ImmutableArray<InteractionStep> steps)
    {
        foreach (InteractionStep step in steps)
        {
            if (step.Find("arguments") is not { } arguments) continue;
            string name = step.Find("search_type")?.Text() == "image_search" ? "imageSearchQueries"
                : "webSearchQueries";
            foreach (JsonElement query in arguments.ItemsOf("queries"))
            {
                if (query.Text() is not { } words) continue;
                if (metadata[name] is not JsonArray queries) metadata[name] = queries = [];
                queries.Add((JsonNode)words);
            }
        }
    }

    private static string? Suggestions(ImmutableArray<InteractionStep> steps) => steps
        .Select(step => step.Find("result")).OfType<JsonElement>()
        .Where(result => result.ValueKind == JsonValueKind.Array)
        .SelectMany(result => result.EnumerateArray())
        .Select(result => result.TextOf("searchSuggestions"))
        .FirstOrDefault(html => !string.IsNullOrEmpty(html));

    private static void AddCitations(JsonObject metadata, ImmutableArray<InteractionStep> steps)
    {
        var chunks = new JsonArray();
        var supports = new JsonArray();
        foreach (TextPart part in steps.SelectMany(step => step.Parts).OfType<TextPart>())
        {
            if (part.Unknown.Find("annotations") is not { ValueKind: JsonValueKind.Array } annotations) continue;
            foreach (JsonElement annotation in annotations.EnumerateArray())
            {
                if (annotation.TextOf("url") is not { } url) continue;
                chunks.Add((JsonNode)new JsonObject
                {
                    ["web"] = new JsonObject { ["uri"] = url, ["title"] = annotation.TextOf("title") },
                });
                supports.Add((JsonNode)new JsonObject
                {
                    ["segment"] = new JsonObject
                    {
                        ["startIndex"] = annotation.Field("startIndex")?.Int64() ?? 0,
                        ["endIndex"] = annotation.Field("endIndex")?.Int64() ?? 0,
                        ["text"] = part.Text,
                    },
                    ["groundingChunkIndices"] = new JsonArray(chunks.Count - 1),
                });
            }
        }
        if (chunks.Count == 0) return;
        metadata["groundingChunks"] = chunks;
        metadata["groundingSupports"] = supports;
    }
}
