using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Journal;

/// <summary>Rewrites a JSON body for the journal: base64 becomes hash and length, so that a journal stays
/// small.</summary>
internal static class BodyMasker
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Mask(JsonElement body)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options)) Write(body, null, writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Decodes every string, which the parser does not do.</summary>
    /// <exception cref="InvalidOperationException">One is not text.</exception>
    public static void Check(JsonElement body)
    {
        using Utf8JsonWriter writer = new(Stream.Null, Options);
        Write(body, null, writer);
    }

    private static void Write(JsonElement value, string? name, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, property.Name, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray()) Write(item, name, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when name is "data" or "thoughtSignature" or "thought_signature"
                && value.TryGetBytesFromBase64(out byte[]? bytes):
                writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture,
                    $"sha256:{Sha256Hex.Of(bytes)} bytes:{bytes.Length}"));
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
