using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Storage;

/// <summary>Overlays the module's data with the user's: objects are merged, null removes a field, anything else is
/// replaced.</summary>
internal static class JsonOverlay
{
    private static readonly JsonDocumentOptions Options =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Lays one object over another.</summary>
    /// <param name="target">The object that is changed.</param>
    /// <param name="source">The object that is applied.</param>
    /// <param name="special">Handles special fields itself and returns whether it did; null for none.</param>
    public static void Apply(JsonObject target, JsonObject source,
        Func<string, JsonNode?, JsonNode?, bool>? special = null)
    {
        foreach ((string name, JsonNode? value) in source)
        {
            if (special?.Invoke(name, target[name], value) == true) continue;
            if (value is JsonObject inner && target[name] is JsonObject existing) Apply(existing, inner, special);
            else if (value is null) target.Remove(name);
            else target[name] = Filled(value.DeepClone());
        }
    }

    /// <summary>The value without null fields at any depth, so that a removed required field counts as
    /// missing.</summary>
    /// <exception cref="JsonException">A list has null in it, or an object a key twice.</exception>
    public static T Filled<T>(T node)
        where T : JsonNode
    {
        if (node is JsonObject fields)
        {
            foreach (string name in fields.Where(field => field.Value is null).Select(field => field.Key).ToArray())
            {
                fields.Remove(name);
            }
            foreach (KeyValuePair<string, JsonNode?> field in fields) Filled(field.Value!);
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) Filled(item ?? throw new JsonException("A list has null in it."));
        }
        return node;
    }

    /// <summary>Reads an object from a resource of the assembly.</summary>
    public static JsonObject ReadBuiltIn(string resource)
    {
        using Stream stream = typeof(JsonOverlay).Assembly.GetManifestResourceStream(resource)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>Reads a user's file; comments and trailing commas are allowed.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="use">Makes something of the object.</param>
    /// <param name="invalid">The error when the file is of another form.</param>
    /// <exception cref="NbException">The file is missing, unreadable or of another form.</exception>
    public static T Load<T>(string path, Func<JsonObject, T> use, Func<string, Exception, NbException> invalid)
    {
        try
        {
            using Stream stream = Disk.OpenRead(path);
            return use(JsonNode.Parse(stream, documentOptions: Options)!.AsObject());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.NotFound(path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            throw invalid(path, e);
        }
    }
}
