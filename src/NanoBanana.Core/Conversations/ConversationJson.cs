using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>Conversations as JSON in which a blob is its hash and length: the form of the sidecar.</summary>
internal static class ConversationJson
{
    public static void Write(Utf8JsonWriter writer, Conversation conversation)
    {
        writer.WriteStartObject();
        writer.WriteString("model", conversation.Model);
        writer.WriteStartArray("turns");
        foreach (Turn turn in conversation.Turns) WriteTurn(writer, turn, conversation.Model);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <param name="json">The object that <see cref="Write"/> wrote.</param>
    /// <param name="find">Finds a blob by its hash; it need not exist yet.</param>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="InvalidOperationException">A field is of the wrong sort.</exception>
    public static Conversation Read(JsonElement json, Func<string, Blob> find)
    {
        string model = StoredJson.Required(json, "model");
        return new Conversation(model,
            [.. json.GetProperty("turns").EnumerateArray().Select(turn => ReadTurn(turn, find, model))]);
    }

    private static void WriteTurn(Utf8JsonWriter writer, Turn turn, string model)
    {
        writer.WriteStartObject();
        writer.WriteString("role", turn.Role);
        writer.WriteStartArray("parts");
        foreach (Part part in turn.Parts) WritePart(writer, part);
        writer.WriteEndArray();
        WriteSteps(writer, turn);
        WriteUnknown(writer, "unknown", turn.Unknown);
        if (turn.Provenance is { } provenance) ProvenanceJson.Write(writer, provenance, model);
        writer.WriteEndObject();
    }

    private static Turn ReadTurn(JsonElement json, Func<string, Blob> find, string model) => new(
        StoredJson.Required(json, "role"),
        [.. json.GetProperty("parts").EnumerateArray().Select(part => ReadPart(part, find))])
    {
        Steps = json.TryGetProperty("steps", out JsonElement steps)
            ? [.. steps.EnumerateArray().Select(step => ReadStep(step, find))] : [],
        Unknown = ReadUnknown(json, "unknown"),
        Provenance = ProvenanceJson.Find(json, model),
    };

    private static void WriteSteps(Utf8JsonWriter writer, Turn turn)
    {
        if (turn.Steps.IsEmpty) return;
        writer.WriteStartArray("steps");
        foreach (Step step in turn.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("type", step.Type);
            writer.WriteNumber("parts", step.Parts);
            WriteSignature(writer, step.Signature);
            WriteUnknown(writer, "unknown", step.Unknown);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static Step ReadStep(JsonElement json, Func<string, Blob> find) =>
        new(StoredJson.Required(json, "type"), json.GetProperty("parts").GetInt32())
        {
            Signature = json.TryGetProperty("signature", out JsonElement signature) ? ReadBlob(signature, find) : null,
            Unknown = ReadUnknown(json, "unknown"),
        };

    private static void WriteSignature(Utf8JsonWriter writer, Blob? signature)
    {
        if (signature is null) return;
        writer.WriteStartObject("signature");
        StoredJson.WriteBlob(writer, signature);
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, Part part)
    {
        writer.WriteStartObject();
        if (part.Thought) writer.WriteBoolean("thought", true);
        switch (part)
        {
            case TextPart text:
                JsonText.Write(writer, "text", text.Text);
                break;
            case ImagePart image:
                writer.WriteStartObject("image");
                writer.WriteString("mimeType", image.MimeType);
                StoredJson.WriteBlob(writer, image.Data);
                WriteUnknown(writer, "unknown", image.UnknownData);
                writer.WriteEndObject();
                break;
            case FilePart file:
                writer.WriteStartObject("file");
                writer.WriteString("uri", file.Uri);
                writer.WriteString("mimeType", file.MimeType);
                if (file.Source is { } source) StoredJson.WriteBlob(writer, source);
                WriteUnknown(writer, "unknown", file.UnknownData);
                writer.WriteEndObject();
                break;
        }
        WriteSignature(writer, part.Signature);
        WriteUnknown(writer, "unknown", part.Unknown);
        writer.WriteEndObject();
    }

    private static Part ReadPart(JsonElement json, Func<string, Blob> find)
    {
        Part part = new OtherPart();
        if (json.TryGetProperty("text", out _))
        {
            part = new TextPart(StoredJson.Required(json, "text"));
        }
        else if (json.TryGetProperty("image", out JsonElement image))
        {
            part = new ImagePart(find(StoredJson.Required(image, "sha256")), StoredJson.Required(image, "mimeType"))
            {
                UnknownData = ReadUnknown(image, "unknown"),
            };
        }
        else if (json.TryGetProperty("file", out JsonElement file))
        {
            part = new FilePart(StoredJson.Required(file, "uri"), StoredJson.Required(file, "mimeType"))
            {
                Source = ReadBlob(file, find),
                UnknownData = ReadUnknown(file, "unknown"),
            };
        }
        return part with
        {
            Thought = json.TryGetProperty("thought", out JsonElement thought) && thought.GetBoolean(),
            Signature = json.TryGetProperty("signature", out JsonElement signature) ? ReadBlob(signature, find) : null,
            Unknown = ReadUnknown(json, "unknown"),
        };
    }

    private static Blob? ReadBlob(JsonElement json, Func<string, Blob> find) =>
        json.TryGetProperty("sha256", out JsonElement hash) ? find(hash.GetString()!) : null;

    private static void WriteUnknown(Utf8JsonWriter writer, string name, UnknownFields fields)
    {
        if (fields.IsEmpty) return;
        writer.WriteStartObject(name);
        fields.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static UnknownFields ReadUnknown(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement fields)
            ? UnknownFields.From(fields.EnumerateObject()
                .Select(field => KeyValuePair.Create(field.Name, field.Value.Clone())))
            : UnknownFields.None;
}
