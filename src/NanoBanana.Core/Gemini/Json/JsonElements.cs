using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Json;

/// <summary>Makes JSON elements from values, without the platform's serializer, whose reflection does not work in a
/// program compiled ahead of time.</summary>
internal static class JsonElements
{
    /// <summary>A text.</summary>
    public static JsonElement Of(string text) => Of(writer => writer.WriteStringValue(text));

    /// <summary>An object or array.</summary>
    public static JsonElement Of(JsonNode node) => Of(writer => node.WriteTo(writer));

    /// <summary>An array.</summary>
    public static JsonElement Of(IEnumerable<JsonElement> items) => Of(writer =>
    {
        writer.WriteStartArray();
        foreach (JsonElement item in items) item.WriteTo(writer);
        writer.WriteEndArray();
    });

    private static JsonElement Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory, StoredJson.Options);
        return document.RootElement.Clone();
    }
}
