using System.Text.Json;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>Reads the JSON body of a request for an interaction.</summary>
internal static class InteractionReader
{
    private const string Message = "CreateInteraction";
    private static readonly string[] Echoed =
        ["previous_interaction_id", "system_instruction", "tools", "generation_config", "response_format",
            "service_tier", "labels", "webhook_config"];

    public static InteractionRequest Read(JsonElement body, Func<string, RequestMedia> resolveFile)
    {
        RequestSchema.Check(body, Message, vertex: false);
        JsonElement config = body.Field("generation_config") ?? default;
        IReadOnlyList<JsonElement> formats = Formats(body);
        JsonElement image = formats.FirstOrDefault(format => format.Text("type") == "image");
        JsonElement text = formats.FirstOrDefault(format => format.Text("type") == "text");
        JsonElement olderImage = config.Field("image_config") ?? default;
        IReadOnlyList<JsonElement> tools = body.Items("tools");
        JsonElement search = tools.FirstOrDefault(tool => tool.Text("type") == "google_search");
        string[] searchTypes = [.. search.Items("search_types").Select(type => type.GetString()!)];
        List<InputStep> steps = InputReader.Read(body, resolveFile);
        return new InteractionRequest
        {
            Model = Model(body),
            Input = steps,
            Generate = new GenerateRequest
            {
                Message = Message,
                ImageField = "response_format",
                Contents = InputReader.Turns(steps),
                SystemInstruction = body.Text("system_instruction") is { } system
                    ? new RequestTurn("user", [new RequestPart { Text = system, HasData = true }])
                    : null,
                Modalities = formats.Count > 0
                    ? [.. formats.Select(format => format.Text("type")?.ToUpperInvariant() ?? "")]
                    : [.. body.Items("response_modalities").Select(name => name.GetString()!.ToUpperInvariant())],
                AspectRatio = image.Text("aspect_ratio") ?? olderImage.Text("aspect_ratio"),
                ImageSize = image.Text("image_size") ?? olderImage.Text("image_size"),
                ThinkingLevel = config.Text("thinking_level")?.ToLowerInvariant(),
                IncludeThoughts = Summaries(config),
                MaxOutputTokens = config.Integer("max_output_tokens"),
                Seed = config.Integer("seed"),
                ResponseMimeType = text.Text("mime_type") ?? body.Text("response_mime_type"),
                Tools = [.. tools.Select(tool => tool.Text("type") switch
                {
                    null => throw ServiceException.InvalidArgument($"* {Message}.tools.type: type is not specified\n"),
                    "function" => "function_declarations",
                    { } name => name,
                })],
                WebSearch = search.ValueKind == JsonValueKind.Object
                    && (searchTypes.Length == 0 || searchTypes.Contains("web_search")),
                ImageSearch = searchTypes.Contains("image_search"),
                ResponseSchema = text.Field("schema")?.Clone(),
                Store = body.Field("store") is { } store ? store.ValueKind == JsonValueKind.True : null,
                ServiceTier = body.Text("service_tier"),
                CachedContent = body.Text("cached_content"),
            },
            IsStored = body.Field("store") is not { ValueKind: JsonValueKind.False },
            InBackground = body.Flag("background"),
            IsStreamed = body.Flag("stream"),
            PreviousId = body.Text("previous_interaction_id"),
            ContinuationToken = body.Text("continuation_token"),
            LinksPictures = Delivery(image),
            Echo = [.. Echoed.Where(name => body.Field(name) is not null)
                .Select(name => new KeyValuePair<string, JsonElement>(name, body.Field(name)!.Value.Clone()))],
        };
    }

    private static string Model(JsonElement body)
    {
        if (body.Text("agent") is { } agent)
        {
            throw ServiceException.NotFound($"Agent {agent} was not found: the emulator has models only.");
        }
        string? model = body.Text("model");
        if (string.IsNullOrEmpty(model))
        {
            throw ServiceException.InvalidArgument($"* {Message}.model: one of model and agent must be specified\n");
        }
        return model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
    }

    private static List<JsonElement> Formats(JsonElement body)
    {
        List<JsonElement> formats = [.. body.Items("response_format")];
        for (int index = 0; index < formats.Count; index++)
        {
            string path = body.Field("response_format") is { ValueKind: JsonValueKind.Array }
                ? $"response_format[{index}]" : "response_format";
            string type = formats[index].Text("type") switch
            {
                "image" => "InteractionImage",
                "text" => "InteractionText",
                { } other => throw ServiceException.InvalidArgument(
                    $"Invalid value at '{path}.type' (TYPE_ENUM), \"{other}\""),
                null => throw ServiceException.InvalidArgument($"* {Message}.{path}.type: type is not specified\n"),
            };
            RequestSchema.Check(formats[index], type, vertex: false, path);
        }

        return formats;
    }

    private static bool Summaries(JsonElement config) => config.Text("thinking_summaries") switch
    {
        "auto" => true,
        null or "none" => false,
        { } other => throw ServiceException.InvalidArgument(
            $"Invalid value at 'generation_config.thinking_summaries' (TYPE_ENUM), \"{other}\""),
    };

    private static bool Delivery(JsonElement image) => image.Text("delivery") switch
    {
        "uri" => true,
        null or "inline" => false,
        { } other => throw ServiceException.InvalidArgument(
            $"Invalid value at 'response_format.delivery' (TYPE_ENUM), \"{other}\""),
    };
}
