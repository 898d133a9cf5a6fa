using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Pictures;

namespace NanoBanana.Gemini;

/// <summary>Writes a call as the JSON of the Interactions API, nested and spelled as the official SDK sends
/// it.</summary>
internal static class InteractionWriter
{
    private const string Api = InteractionsApi.ApiName;
    private const string ConfigName = "generation_config";
    private const string ContentName = "content";

    /// <summary>The body of interactions.create, whose answer is streamed.</summary>
    /// <param name="call">What to ask.</param>
    /// <param name="inBackground">Whether the service continues when the connection breaks.</param>
    public static RequestBody Write(GenerateCall call, bool inBackground) => RequestBody.Create((json, body) =>
    {
        json.WriteStartObject();
        json.WriteString("model", call.Model);
        WriteInput(json, body, call);
        if (call.SystemInstruction is { } instruction) json.WriteString("system_instruction", instruction);
        WriteFormat(json, call);
        WriteConfig(json, call);
        WriteSafety(json, call);
        ToolFragments.Write(json, call.Tools, Api, call.Fields);
        WireField.Write(json, call.Fields, Api, null);
        if (call.NoStore) json.WriteBoolean("store", false);
        if (call.PreviousAnswer is { } previous) json.WriteString("previous_interaction_id", previous);
        if (inBackground) json.WriteBoolean("background", true);
        json.WriteBoolean("stream", true);
        json.WriteEndObject();
    });

    private static void WriteInput(Utf8JsonWriter json, RequestBody body, GenerateCall call)
    {
        ImmutableArray<Turn> turns = call.Sent;
        json.WritePropertyName("input");
        if (turns is not [{ Role: Turn.User } turn])
        {
            json.WriteStartArray();
            foreach (Turn one in turns) WriteSteps(json, body, one, call);
            json.WriteEndArray();
        }
        else if (turn.Parts is [TextPart { Unknown.IsEmpty: true } text]) json.WriteStringValue(text.Text);
        else WriteContents(json, body, turn.Parts, call);
    }

    private static void WriteSteps(Utf8JsonWriter json, RequestBody body, Turn turn, GenerateCall call)
    {
        string own = turn.Role == Turn.User ? Step.UserInput : Step.ModelOutput;
        ImmutableArray<Step> steps = turn.Steps.IsEmpty ? [new Step(own, turn.Parts.Length)] : turn.Steps;
        int at = 0;
        foreach (Step step in steps)
        {
            json.WriteStartObject();
            json.WriteString("type", step.Type);
            if (step.Signature is { } signature) body.WriteBase64(json, "signature", signature);
            if (step.Parts > 0)
            {
                json.WritePropertyName(step.Type == Step.Thought ? "summary" : "content");
                WriteContents(json, body, turn.Parts.Slice(at, step.Parts),
                    turn.Role == Turn.User ? call : null);
            }
            step.Unknown.WriteTo(json);
            json.WriteEndObject();
            at += step.Parts;
        }
    }

    // An option for input pictures is written on each of them; the model's own pictures are sent back unchanged.
    private static void WriteContents(Utf8JsonWriter json, RequestBody body, ImmutableArray<Part> parts,
        GenerateCall? call)
    {
        json.WriteStartArray();
        foreach (Part part in parts)
        {
            json.WriteStartObject();
            WriteContent(json, body, part);
            if (call is not null && part.Kind is PictureFormat.Image or PictureFormat.Video)
            {
                WireField.Write(json, call.Fields, Api, ContentName);
            }
            part.Unknown.WriteTo(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter json, RequestBody body, Part part)
    {
        if (part is not OtherPart && part.Unknown.Find("type") is null) json.WriteString("type", TypeOf(part));
        switch (part)
        {
            case TextPart text:
                body.WriteText(json, "text", text.Text);
                break;
            case ImagePart image:
                if (image.MimeType.Length > 0) json.WriteString("mime_type", image.MimeType);
                body.WriteBase64(json, "data", image.Data);
                break;
            case FilePart file:
                if (file.MimeType.Length > 0) json.WriteString("mime_type", file.MimeType);
                json.WriteString("uri", file.Uri);
                break;
        }
    }

    /// <summary>The service's name for a kind of content, from its declared type.</summary>
    internal static string TypeOf(Part part) => part.Kind ?? "text";

    private static void WriteFormat(Utf8JsonWriter json, GenerateCall call)
    {
        string[] formats = call.ResponseModalities.IsDefaultOrEmpty
            ? call.ResponseSchema is null ? [] : ["TEXT"] : [.. call.ResponseModalities];
        if (formats.Length == 0) return;
        json.WritePropertyName("response_format");
        if (formats.Length > 1) json.WriteStartArray();
        foreach (string modality in formats)
        {
            json.WriteStartObject();
            json.WriteString("type", modality.ToLowerInvariant());
            if (modality == "IMAGE")
            {
                if (call.AspectRatio is { } ratio) json.WriteString("aspect_ratio", ratio);
                if (call.ImageSize is { } size) json.WriteString("image_size", size);
            }
            else if (call.ResponseSchema is { } schema)
            {
                json.WriteString("mime_type", "application/json");
                json.WritePropertyName("schema");
                schema.WriteTo(json);
            }
            json.WriteEndObject();
        }
        if (formats.Length > 1) json.WriteEndArray();
    }

    private static void WriteConfig(Utf8JsonWriter json, GenerateCall call)
    {
        bool hasFields = WireField.In(call.Fields, Api, ConfigName).Any();
        if (call.ThinkingLevel is null && !call.IncludeThoughts && call.Seed is null && call.MaxOutputTokens is null
            && !hasFields) return;
        json.WriteStartObject(ConfigName);
        if (call.ThinkingLevel is { } level) json.WriteString("thinking_level", level.ToLowerInvariant());
        if (call.IncludeThoughts) json.WriteString("thinking_summaries", "auto");
        if (call.Seed is { } seed) json.WriteNumber("seed", seed);
        if (call.MaxOutputTokens is { } most) json.WriteNumber("max_output_tokens", most);
        WireField.Write(json, call.Fields, Api, ConfigName);
        json.WriteEndObject();
    }

    private static void WriteSafety(Utf8JsonWriter json, GenerateCall call)
    {
        if (call.SafetySettings.IsDefaultOrEmpty) return;
        json.WriteStartArray("safety_settings");
        foreach (SafetySetting setting in call.SafetySettings)
        {
            json.WriteStartObject();
            json.WriteString("type", setting.Category);
            json.WriteString("threshold", setting.Threshold);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
