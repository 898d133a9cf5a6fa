using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>Provenance as JSON: the form of the sidecar, and the older form of format 1.</summary>
internal static class ProvenanceJson
{
    public const string Name = "provenance";

    /// <summary>The property's name in format 1.</summary>
    public const string OldName = "origin";

    /// <param name="writer">A writer inside an open object.</param>
    /// <param name="provenance">What to write.</param>
    /// <param name="model">The model already written elsewhere, which is not repeated.</param>
    public static void Write(Utf8JsonWriter writer, Provenance provenance, string? model)
    {
        writer.WriteStartObject(Name);
        StoredJson.WriteText(writer, "prompt", provenance.Prompt);
        if (provenance.Model != model) StoredJson.WriteText(writer, "model", provenance.Model);
        StoredJson.WriteText(writer, "aspectRatio", provenance.AspectRatio);
        StoredJson.WriteText(writer, "size", provenance.Size);
        if (provenance.Cost is { } cost) writer.WriteNumber("cost", cost);
        if (provenance.Images is { } images and not 1) writer.WriteNumber("images", images);
        if (provenance.Usage is { } usage) TokenCountJson.Write(writer, "usage", usage);
        if (provenance.Grounding is { } grounding)
        {
            writer.WritePropertyName("grounding");
            grounding.WriteTo(writer);
        }
        StoredJson.WriteText(writer, "finishReason", provenance.FinishReason);
        StoredJson.WriteText(writer, "responseId", provenance.ResponseId);
        StoredJson.WriteText(writer, "keptFor", provenance.KeptFor);
        StoredJson.WriteText(writer, "createdAt", provenance.CreatedAt?.ToString("O", CultureInfo.InvariantCulture));
        StoredJson.WriteText(writer, "requestHash", provenance.RequestHash);
        if (provenance.IsRehearsal) writer.WriteBoolean("rehearsal", true);
        writer.WriteEndObject();
    }

    /// <summary>Reads a turn's provenance from an object of a sidecar; null when it has none.</summary>
    /// <param name="json">The turn, or the sidecar itself.</param>
    /// <param name="model">The model to use when the object names none.</param>
    public static Provenance? Find(JsonElement json, string? model) =>
        json.TryGetProperty(Name, out JsonElement now) ? Read(now, model)
        : json.TryGetProperty(OldName, out JsonElement before) ? Read(before, model)
        : null;

    /// <summary>Reads the fields of either format.</summary>
    public static Provenance Read(JsonElement json, string? model) => new()
    {
        Prompt = StoredJson.Text(json, "prompt"),
        Model = StoredJson.Text(json, "model") ?? model,
        AspectRatio = StoredJson.Text(json, "aspectRatio"),
        Size = StoredJson.Text(json, "size"),
        Cost = StoredJson.Usd(json, "cost"),
        Images = json.TryGetProperty("images", out JsonElement images) ? images.GetInt32() : null,
        Usage = json.TryGetProperty("usage", out JsonElement usage) ? TokenCountJson.Read(usage) : null,
        Grounding = json.TryGetProperty("grounding", out JsonElement grounding) ? grounding.Clone() : null,
        FinishReason = StoredJson.Text(json, "finishReason"),
        ResponseId = StoredJson.Text(json, "responseId"),
        KeptFor = StoredJson.Text(json, "keptFor"),
        CreatedAt = StoredJson.Time(json, "createdAt"),
        RequestHash = StoredJson.Text(json, "requestHash") ?? StoredJson.Text(json, "fingerprint"),
        IsRehearsal = json.TryGetProperty("rehearsal", out JsonElement rehearsal) && rehearsal.GetBoolean(),
    };
}
