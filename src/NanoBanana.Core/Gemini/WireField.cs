using System.Text.Json;

namespace NanoBanana.Gemini;

/// <summary>An option of a request that is sent unchanged at its own place in the body.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Value">The value to send.</param>
/// <param name="Paths">Its place in the body, such as generationConfig/mediaResolution, by name of the API.</param>
/// <param name="IsHashed">Whether another value makes another image, and so belongs to the request's hash.</param>
public sealed record WireField(string Name, JsonElement Value, IReadOnlyDictionary<string, string> Paths, bool IsHashed)
{
    /// <summary>The value to hash if it differs from the sent value, so that a request has the same hash on every
    /// API.</summary>
    internal JsonElement? Hashed { get; init; }

    /// <summary>Writes the fields of one object of a request into it.</summary>
    /// <inheritdoc cref="In"/>
    internal static void Write(Utf8JsonWriter json, IEnumerable<WireField> fields, string api, string? parent)
    {
        foreach ((string name, JsonElement value) in In(fields, api, parent))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    /// <summary>The fields of one object of a request.</summary>
    /// <param name="fields">All fields of a call.</param>
    /// <param name="api">Name of the API.</param>
    /// <param name="parent">Name of the object; null for the request itself.</param>
    internal static IEnumerable<(string Name, JsonElement Value)> In(
        IEnumerable<WireField> fields, string api, string? parent)
    {
        foreach (WireField field in fields)
        {
            if (!field.Paths.TryGetValue(api, out string? path)) continue;
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if ((slash < 0 ? null : path[..slash]) == parent) yield return (path[(slash + 1)..], field.Value);
        }
    }
}
