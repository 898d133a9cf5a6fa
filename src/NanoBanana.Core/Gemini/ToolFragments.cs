using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Models;

namespace NanoBanana.Gemini;

/// <summary>What is sent for the tools of a call. Tools of one kind, such as two searches, share an object.</summary>
internal static class ToolFragments
{
    /// <summary>Writes a request's list of tools; nothing when it has none.</summary>
    /// <inheritdoc cref="Of"/>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ModelTool> tools, string api)
    {
        JsonObject[] objects = [.. Of(tools, api)];
        if (objects.Length == 0) return;
        json.WriteStartArray("tools");
        foreach (JsonObject tool in objects) tool.WriteTo(json);
        json.WriteEndArray();
    }

    /// <summary>The objects of a request's list of tools.</summary>
    /// <param name="tools">The tools of the call.</param>
    /// <param name="api">Name of the API.</param>
    public static IEnumerable<JsonObject> Of(IReadOnlyList<ModelTool> tools, string api)
    {
        foreach (IGrouping<string, ModelTool> kind in tools.Where(tool => tool.Wire.ContainsKey(api))
            .GroupBy(tool => KindOf(tool.Wire[api])))
        {
            var shared = new JsonObject();
            bool isAlone = kind.Count() == 1;
            foreach (ModelTool tool in kind)
            {
                JsonElement fragment = tool.Wire[api];
                if (!isAlone && tool.Together?.TryGetValue(api, out JsonElement together) == true) fragment = together;
                Merge(shared, JsonObject.Create(fragment)!);
            }
            yield return shared;
        }
    }

    // The Interactions API names the kind of a tool; generateContent has a field for each.
    private static string KindOf(JsonElement fragment) =>
        fragment.TryGetProperty("type", out JsonElement type) ? type.ToString()
        : fragment.EnumerateObject().Select(field => field.Name).FirstOrDefault("");

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach ((string name, JsonNode? value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing) Merge(existing, inner);
            else if (value is JsonArray list && target[name] is JsonArray known)
            {
                foreach (JsonNode? entry in list) known.Add(entry?.DeepClone());
            }
            else target[name] = value?.DeepClone();
        }
    }
}
