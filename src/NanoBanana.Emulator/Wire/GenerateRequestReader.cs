using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>Reads a checked JSON body into a request; file parts are resolved on the way.</summary>
internal static class GenerateRequestReader
{
    public static GenerateRequest Read(JsonElement body, Func<string, RequestMedia> resolveFile)
    {
        JsonElement config = body.Field("generationConfig") ?? default;
        JsonElement thinking = config.Field("thinkingConfig") ?? default;
        JsonElement image = config.Field("imageConfig")
            ?? config.Field("responseFormat")?.Field("image") ?? default;
        IReadOnlyList<JsonElement> tools = body.Items("tools");
        JsonElement? search = tools.Select(tool => tool.Field("googleSearch")).FirstOrDefault(tool => tool is not null);
        JsonElement? types = search?.Field("searchTypes");
        return new GenerateRequest
        {
            Contents = [.. body.Items("contents").Select((turn, index) =>
                ReadTurn(turn, $"contents[{index}]", resolveFile))],
            SystemInstruction = body.Field("systemInstruction") is { } system
                ? ReadTurn(system, "system_instruction", resolveFile)
                : null,
            Modalities = [.. config.Items("responseModalities").Select(Modality)],
            AspectRatio = image.Text("aspectRatio"),
            ImageSize = image.Text("imageSize"),
            HasThinkingConfig = thinking.ValueKind == JsonValueKind.Object,
            ThinkingLevel = thinking.Text("thinkingLevel")?.ToLowerInvariant(),
            ThinkingBudget = thinking.Integer("thinkingBudget"),
            IncludeThoughts = thinking.Flag("includeThoughts"),
            CandidateCount = config.Integer("candidateCount"),
            MaxOutputTokens = config.Integer("maxOutputTokens"),
            Seed = config.Integer("seed"),
            ResponseMimeType = config.Text("responseMimeType")
                ?? config.Field("responseFormat")?.Field("text")?.Text("mimeType"),
            ResponseSchema = config.Field("responseSchema") ?? config.Field("responseJsonSchema")
                ?? config.Field("responseFormat")?.Field("text")?.Field("schema"),
            Tools = [.. tools.SelectMany(tool => tool.Properties().Select(property => property.Name))],
            WebSearch = search is not null && (types is null || types.Value.Field("webSearch") is not null),
            ImageSearch = types?.Field("imageSearch") is not null,
            Store = body.Field("store") is { } store ? store.ValueKind == JsonValueKind.True : null,
            MediaResolution = Resolution(config),
            ServiceTier = body.Text("serviceTier"),
            CachedContent = body.Text("cachedContent"),
        };
    }

    private static string Modality(JsonElement item) => item.ValueKind == JsonValueKind.String
        ? item.GetString()!.ToUpperInvariant()
        : (item.TryGetInt32(out int number) ? number : 0) switch { 1 => "TEXT", 2 => "IMAGE", 3 => "AUDIO", _ =>
            "MODALITY_UNSPECIFIED" };

    private static string? Resolution(JsonElement config)
    {
        const string Prefix = "MEDIA_RESOLUTION_";
        return config.Text("mediaResolution") switch
        {
            null or Prefix + "UNSPECIFIED" => null,
            Prefix + "LOW" => "low",
            Prefix + "MEDIUM" => "medium",
            Prefix + "HIGH" => "high",
            { } other => throw ServiceException.InvalidArgument(
                $"Invalid value at 'generation_config.media_resolution' (type.googleapis.com/google.ai.generativelanguage.v1.MediaResolution), \"{other}\""),
        };
    }

    private static RequestTurn ReadTurn(JsonElement turn, string path, Func<string, RequestMedia> resolveFile) => new(
        turn.Text("role") is { Length: > 0 } role ? role : "user",
        [.. turn.Items("parts").Select((part, index) => ReadPart(part, $"{path}.parts[{index}]", resolveFile))]);

    private static RequestPart ReadPart(JsonElement part, string path, Func<string, RequestMedia> resolveFile)
    {
        RequestMedia? media = null;
        if (part.Field("inlineData") is { } inline)
        {
            byte[] data = inline.Bytes("data", $"{path}.inline_data.data") ?? [];
            media = new RequestMedia(inline.Text("mimeType") ?? "", data);
        }
        else if (part.Field("fileData") is { } file)
        {
            string uri = file.Text("fileUri") ?? "";
            media = RequestMedia.IsForeign(uri) ? RequestMedia.Reference(uri, file.Text("mimeType") ?? "")
                : resolveFile(uri);
        }

        return new RequestPart
        {
            Text = part.Text("text"),
            Media = media,
            Thought = part.Flag("thought"),
            Signature = part.Bytes("thoughtSignature", $"{path}.thought_signature"),
            HasData = media is not null || part.Properties().Any(property =>
                property.Name is "text" or "functionCall" or "function_call" or "functionResponse"
                    or "function_response" or "executableCode" or "codeExecutionResult"),
        };
    }
}
