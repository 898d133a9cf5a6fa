using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Catalog;

/// <summary>Overlays the built-in catalog with a user's: models by id, objects merged, anything else
/// replaced.</summary>
internal static class CatalogOverlay
{
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static string Merge(string builtIn, string overlay)
    {
        JsonObject target = JsonNode.Parse(builtIn)!.AsObject();
        JsonObject source = JsonNode.Parse(overlay, documentOptions: Lenient)?.AsObject() ?? [];
        JsonArray models = target["models"]!.AsArray();
        foreach (JsonNode? model in source["models"]?.AsArray() ?? [])
        {
            string? id = model?["id"]?.GetValue<string>();
            if (id is null) throw new FormatException("a model has no id");
            if (models.FirstOrDefault(known =>
                string.Equals(known!["id"]!.GetValue<string>(), id,
                StringComparison.OrdinalIgnoreCase)) is JsonObject known)
            {
                Apply(known, model!.AsObject());
            }
            else models.Add(model!.DeepClone());
        }

        source.Remove("models");
        Apply(target, source);
        return target.ToJsonString();
    }

    private static void Apply(JsonObject target, JsonObject source)
    {
        foreach ((string name, JsonNode? value) in source)
        {
            if (value is JsonObject from && target[name] is JsonObject to) Apply(to, from);
            else target[name] = value?.DeepClone();
        }
    }
}
