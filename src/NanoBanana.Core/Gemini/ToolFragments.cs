using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Models;

namespace NanoBanana.Gemini;

/// <summary>Builds the JSON for the tools of a call. Tools of one kind, such as two searches, share an
/// object.</summary>
internal static class ToolFragments
{
    private const string Parent = "tools/";

    /// <summary>Writes a request's list of tools; nothing when it has none.</summary>
    /// <param name="json">The request.</param>
    /// <param name="tools">The tools of the call.</param>
    /// <param name="api">Name of the API.</param>
    /// <param name="fields">The fields of the call; fields of a tool are written inside it.</param>
    public static void Write(
        Utf8JsonWriter json, IReadOnlyList<ModelTool> tools, string api, IReadOnlyList<WireField> fields)
    {
        JsonObject[] objects = [.. Of(tools, api)];
        if (objects.Length == 0) return;
        foreach (WireField field in fields)
        {
            if (objects.FirstOrDefault(tool => Takes(tool, field, api)) is not { } taker) continue;
            string[] names = NamesOf(field, api);
            foreach (string name in names[..^1])
            {
                if (taker[name] is not JsonObject) taker[name] = new JsonObject();
                taker = taker[name]!.AsObject();
            }
            taker[names[^1]] = JsonNode.Parse(field.Value.GetRawText());
        }
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

    /// <summary>Whether a field belongs inside a tool.</summary>
    public static bool IsOfTool(WireField field, string api) =>
        field.Paths.TryGetValue(api, out string? path) && path.StartsWith(Parent, StringComparison.Ordinal);

    /// <summary>Whether a field belongs inside the given tool.</summary>
    public static bool Takes(JsonObject tool, WireField field, string api) =>
        IsOfTool(field, api) && tool[NamesOf(field, api)[0]] is JsonObject;

    private static string[] NamesOf(WireField field, string api) => field.Paths[api][Parent.Length..].Split('/');

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
