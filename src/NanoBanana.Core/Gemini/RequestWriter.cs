using System.Text.Json;
using NanoBanana.Conversations;

namespace NanoBanana.Gemini;

/// <summary>Writes a call as the JSON of generateContent, nested and spelled as the official SDK sends it.</summary>
internal static class RequestWriter
{
    private const string Api = GenerateContentApi.ApiName;
    private const string ConfigName = "generationConfig";

    /// <summary>The body of generateContent.</summary>
    public static RequestBody Write(GenerateCall call) =>
        RequestBody.Create((json, body) => WriteRequest(json, body, call));

    /// <summary>A line of a batch file, without the line break.</summary>
    /// <param name="key">The key of the result.</param>
    /// <param name="call">The request.</param>
    public static RequestBody WriteBatchLine(string key, GenerateCall call) => RequestBody.Create((json, body) =>
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WritePropertyName("request");
        WriteRequest(json, body, call);
        json.WriteEndObject();
    });

    /// <summary>Turns alone, as a list.</summary>
    public static RequestBody WriteContents(IEnumerable<Turn> turns) => RequestBody.Create((json, body) =>
    {
        json.WriteStartArray();
        foreach (Turn turn in turns) WriteTurn(json, body, turn);
        json.WriteEndArray();
    });

    /// <summary>Writes turns of a model as an answer of generateContent.</summary>
    public static RequestBody WriteAnswer(IEnumerable<Turn> turns) => RequestBody.Create((json, body) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        foreach (Turn turn in turns)
        {
            json.WriteStartObject();
            json.WritePropertyName("content");
            WriteTurn(json, body, turn);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteRequest(Utf8JsonWriter json, RequestBody body, GenerateCall call)
    {
        json.WriteStartObject();
        json.WriteStartArray("contents");
        foreach (Turn turn in call.Contents) WriteTurn(json, body, turn);
        json.WriteEndArray();
        if (call.SystemInstruction is { } instruction)
        {
            json.WritePropertyName("systemInstruction");
            WriteTurn(json, body, new Turn(Turn.User, [new TextPart(instruction)]));
        }
        WriteSafety(json, call);
        ToolFragments.Write(json, call.Tools, Api, call.Fields);
        WriteConfig(json, call);
        WireField.Write(json, call.Fields, Api, null);
        if (call.NoStore) json.WriteBoolean("store", false);
        json.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter json, RequestBody body, Turn turn)
    {
        json.WriteStartObject();
        if (turn.Role.Length > 0) json.WriteString("role", turn.Role);
        json.WriteStartArray("parts");
        foreach (Part part in turn.Parts) WritePart(json, body, part);
        json.WriteEndArray();
        turn.Unknown.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, RequestBody body, Part part)
    {
        json.WriteStartObject();
        if (part.Thought) json.WriteBoolean("thought", true);
        switch (part)
        {
            case TextPart text:
                body.WriteText(json, "text", text.Text);
                break;
            case ImagePart image:
                json.WriteStartObject("inlineData");
                if (image.MimeType.Length > 0) json.WriteString("mimeType", image.MimeType);
                body.WriteBase64(json, "data", image.Data);
                image.UnknownData.WriteTo(json);
                json.WriteEndObject();
                break;
            case FilePart file:
                json.WriteStartObject("fileData");
                if (file.MimeType.Length > 0) json.WriteString("mimeType", file.MimeType);
                json.WriteString("fileUri", file.Uri);
                file.UnknownData.WriteTo(json);
                json.WriteEndObject();
                break;
        }
        if (part.Signature is { } signature) body.WriteBase64(json, "thoughtSignature", signature);
        part.Unknown.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteSafety(Utf8JsonWriter json, GenerateCall call)
    {
        if (call.SafetySettings.IsDefaultOrEmpty) return;
        json.WriteStartArray("safetySettings");
        foreach (SafetySetting setting in call.SafetySettings)
        {
            json.WriteStartObject();
            json.WriteString("category", setting.Category);
            json.WriteString("threshold", setting.Threshold);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteConfig(Utf8JsonWriter json, GenerateCall call)
    {
        bool hasModalities = !call.ResponseModalities.IsDefaultOrEmpty;
        bool hasImage = call.AspectRatio is not null || call.ImageSize is not null;
        bool hasThinking = call.ThinkingLevel is not null || call.IncludeThoughts;
        bool hasAnswer = call.ResponseSchema is not null || call.MaxOutputTokens is not null;
        bool hasFields = WireField.In(call.Fields, Api, ConfigName).Any();
        if (!hasModalities && !hasImage && !hasThinking && !hasAnswer && !hasFields && call.Seed is null) return;

        json.WriteStartObject(ConfigName);
        if (hasModalities)
        {
            json.WriteStartArray("responseModalities");
            foreach (string modality in call.ResponseModalities) json.WriteStringValue(modality);
            json.WriteEndArray();
        }
        if (hasImage)
        {
            json.WriteStartObject("imageConfig");
            if (call.AspectRatio is { } ratio) json.WriteString("aspectRatio", ratio);
            if (call.ImageSize is { } size) json.WriteString("imageSize", size);
            json.WriteEndObject();
        }
        if (hasThinking)
        {
            json.WriteStartObject("thinkingConfig");
            // The official SDK's constants are upper case, as all enumerations of the service.
            if (call.ThinkingLevel is { } level) json.WriteString("thinkingLevel", level.ToUpperInvariant());
            if (call.IncludeThoughts) json.WriteBoolean("includeThoughts", true);
            json.WriteEndObject();
        }
        if (call.Seed is { } seed) json.WriteNumber("seed", seed);
        if (call.MaxOutputTokens is { } most) json.WriteNumber("maxOutputTokens", most);
        if (call.ResponseSchema is { } schema)
        {
            json.WriteString("responseMimeType", "application/json");
            json.WritePropertyName("responseSchema");
            schema.WriteTo(json);
        }
        WireField.Write(json, call.Fields, Api, ConfigName);
        json.WriteEndObject();
    }
}
