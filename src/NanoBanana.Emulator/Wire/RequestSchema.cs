using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>
/// The messages of the API as data, and the check of a JSON body against them in the service's own words. The service
/// reads protobuf JSON: every field has a camelCase and a snake_case name, and an unknown one is an error.
/// </summary>
internal sealed class RequestSchema
{
    // "*" repeated, "!" Vertex AI only, "~" Gemini API only; a type in lower case is a scalar, "any" is not looked
    // into.
    private const string Messages = """
        GenerateContentRequest: model string, contents *Content, systemInstruction Content, tools *Tool,
            toolConfig any, safetySettings *SafetySetting, generationConfig GenerationConfig, cachedContent string,
            labels labels, serviceTier ~string, store ~bool, modelArmorConfig !any
        Content: role string, parts *Part
        Part: text string, thought bool, thoughtSignature bytes, inlineData Blob, fileData FileData,
            functionCall any, functionResponse any, executableCode any, codeExecutionResult any,
            videoMetadata any, mediaResolution any, partMetadata any, toolCall any, toolResponse any
        Blob: mimeType string, data bytes, displayName !string
        FileData: mimeType string, fileUri string, displayName !string
        Tool: googleSearch GoogleSearch, googleSearchRetrieval any, codeExecution any, functionDeclarations any,
            urlContext any, googleMaps any, fileSearch ~any, computerUse any, mcpServers ~any,
            enterpriseWebSearch !any, retrieval !any
        GoogleSearch: searchTypes SearchTypes, timeRangeFilter any, excludeDomains !any, blockingConfidence !any
        SearchTypes: webSearch Empty, imageSearch Empty
        Empty:
        SafetySetting: category HarmCategory, threshold HarmBlockThreshold, method !string
        GenerationConfig: stopSequences *string, candidateCount int, maxOutputTokens int, temperature number,
            topP number, topK number, seed int, responseMimeType string, responseSchema any, responseJsonSchema any,
            presencePenalty number, frequencyPenalty number, responseLogprobs bool, logprobs int,
            enableEnhancedCivicAnswers bool, responseModalities *Modality, speechConfig any,
            thinkingConfig ThinkingConfig, mediaResolution string, imageConfig ImageConfig,
            responseFormat ResponseFormat, audioTimestamp !bool, routingConfig !any, modelSelectionConfig !any
        ThinkingConfig: includeThoughts bool, thinkingBudget int, thinkingLevel ThinkingLevel
        ImageConfig: aspectRatio string, imageSize string, personGeneration !string, prominentPeople !string,
            imageOutputOptions !any, outputMimeType !string, outputCompressionQuality !int
        ResponseFormat: image ImageResponseFormat, text any, audio any
        ImageResponseFormat: aspectRatio string, imageSize string, mimeType string, delivery string
        BatchGenerateContentRequest: batch GenerateContentBatch
        GenerateContentBatch: name string, displayName string, model string, inputConfig InputConfig,
            priority long, webhookConfig BatchWebhook
        BatchWebhook: uris *string, userMetadata any
        InputConfig: fileName string, requests InlinedRequests
        InlinedRequests: requests *InlinedRequest
        InlinedRequest: request GenerateContentRequest, metadata any
        CreateFileRequest: file File
        File: name string, displayName string, mimeType string, sizeBytes long
        CreateInteraction: model string, agent string, agent_config any, input any, system_instruction string, tools *InteractionTool,
            response_format any, response_mime_type string, response_modalities *string, generation_config InteractionConfig,
            safety_settings *InteractionSafety, store bool, previous_interaction_id string, continuation_token string,
            service_tier string, background bool, stream bool, labels labels, webhook_config WebhookConfig,
            cached_content string, environment any
        InteractionConfig: image_config InteractionImage, max_output_tokens int, seed int, speech_config any,
            stop_sequences *string, temperature number, thinking_level string, thinking_summaries string, tool_choice any,
            top_p number, transcription_config any, video_config any
        InteractionImage: type string, aspect_ratio string, image_size string, mime_type string, delivery string
        InteractionText: type string, mime_type string, schema any
        InteractionSafety: type HarmCategory, threshold HarmBlockThreshold, method string
        InteractionTool: type string, search_types *string, name string, description string, parameters any, url string,
            headers any, allowed_tools any, latitude number, longitude number, enable_widget bool
        InteractionContent: type string, text string, annotations any, data bytes, mime_type string, uri string,
            resolution string, name string, processing any
        InteractionStep: type string, content any, summary any, signature bytes, error any, id string, call_id string,
            arguments any, result any, is_error bool, search_type string, name string, server_name string
        WebhookConfig: uris *string, user_metadata any
        """;

    private const string EnumValues = """
        Modality: MODALITY_UNSPECIFIED TEXT IMAGE AUDIO VIDEO
        ThinkingLevel: THINKING_LEVEL_UNSPECIFIED MINIMAL LOW MEDIUM HIGH
        HarmCategory: HARM_CATEGORY_UNSPECIFIED HARM_CATEGORY_HARASSMENT HARM_CATEGORY_HATE_SPEECH
            HARM_CATEGORY_SEXUALLY_EXPLICIT HARM_CATEGORY_DANGEROUS_CONTENT HARM_CATEGORY_CIVIC_INTEGRITY
            HARM_CATEGORY_IMAGE_HATE HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT HARM_CATEGORY_IMAGE_HARASSMENT
            HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT HARM_CATEGORY_JAILBREAK
        HarmBlockThreshold: HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE
            BLOCK_ONLY_HIGH BLOCK_NONE OFF
        """;

    // Where an enum is nested in a message, its type name in an error is qualified by it.
    private static readonly Dictionary<string, string> EnumTypeNames = new()
    {
        ["Modality"] = "GenerationConfig.Modality",
        ["ThinkingLevel"] = "ThinkingConfig.ThinkingLevel",
        ["HarmCategory"] = "HarmCategory",
        ["HarmBlockThreshold"] = "SafetySetting.HarmBlockThreshold",
    };

    private static readonly Dictionary<string, Dictionary<string, Field>> Fields = ReadMessages();

    private static readonly Dictionary<string, HashSet<string>> Enums = Sections(EnumValues).ToDictionary(
        section => section.Name,
        section => section.Body.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.OrdinalIgnoreCase));

    // Enough to correct a request by, and an answer that stays small.
    private const int MaxViolations = 50;

    private readonly bool _vertex;
    private readonly List<(string Path, string Description)> _violations = [];

    private RequestSchema(bool vertex) => _vertex = vertex;

    /// <summary>Throws the service's 400 when the body does not fit the message.</summary>
    /// <param name="body">The body, or a part of it.</param>
    /// <param name="message">The message's name.</param>
    /// <param name="vertex">Whether it came to Vertex AI.</param>
    /// <param name="path">Where in the body the part lies.</param>
    public static void Check(JsonElement body, string message, bool vertex, string path = "")
    {
        RequestSchema schema = new(vertex);
        schema.CheckMessage(body, message, path);
        if (schema._violations.Count == 0) return;

        WireObject[] violations = [.. schema._violations.Select(violation =>
        {
            WireObject wire = [];
            if (violation.Path.Length > 0) wire.Add("field", violation.Path);
            wire.Add("description", violation.Description);
            return wire;
        })];
        throw ServiceException.InvalidArgument(
            string.Join('\n', schema._violations.Select(violation => violation.Description)),
            ServiceException.Detail("BadRequest", new KeyValuePair<string, object?>("fieldViolations", violations)));
    }

    /// <summary>The protobuf name of a field: imageConfig is image_config.</summary>
    public static string SnakeCase(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));

    private void CheckMessage(JsonElement value, string message, string path)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Invalid(path, TypeName(message), value);
            return;
        }

        Dictionary<string, Field> fields = Fields[message];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (_violations.Count >= MaxViolations) return;
            if (!fields.TryGetValue(property.Name, out Field? field)
                || (field.VertexOnly && !_vertex) || (field.GeminiOnly && _vertex))
            {
                string place = path.Length > 0 ? $" at '{path}'" : "";
                _violations.Add((path,
                    $"Invalid JSON payload received. Unknown name \"{property.Name}\"{place}: Cannot find field."));
                continue;
            }

            string fieldPath = path.Length > 0 ? $"{path}.{field.Name}" : field.Name;
            CheckField(property.Value, field, fieldPath);
        }
    }

    private void CheckField(JsonElement value, Field field, string path)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        if (!field.Repeated)
        {
            CheckValue(value, field.Type, path);
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            // Protobuf JSON takes one value for a list of one.
            CheckValue(value, field.Type, path);
            return;
        }

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (_violations.Count >= MaxViolations) return;
            CheckValue(item, field.Type, $"{path}[{index++}]");
        }
    }

    private void CheckValue(JsonElement value, string type, string path)
    {
        bool valid = type switch
        {
            "any" => true,
            "labels" => value.ValueKind == JsonValueKind.Object
                && value.EnumerateObject().All(label => label.Value.ValueKind == JsonValueKind.String),
            "string" => value.ValueKind == JsonValueKind.String,
            "bytes" => value.ValueKind == JsonValueKind.String,
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "int" => Integer(value) is >= int.MinValue and <= int.MaxValue,
            "long" => Integer(value) is not null,
            "number" => value.ValueKind == JsonValueKind.Number
                || (value.ValueKind == JsonValueKind.String
                && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _)),
            _ when Enums.TryGetValue(type, out HashSet<string>? names) => value.ValueKind == JsonValueKind.Number
                || (value.ValueKind == JsonValueKind.String && names.Contains(value.GetString()!)),
            _ => true,
        };
        if (!valid) Invalid(path, TypeName(type), value);
        else if (Fields.ContainsKey(type)) CheckMessage(value, type, path);
    }

    private static long? Integer(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out long number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), CultureInfo.InvariantCulture, out long number) =>
            number,
        _ => null,
    };

    private void Invalid(string path, string type, JsonElement value)
    {
        string shown = value.GetRawText();
        if (shown.Length > 200) shown = shown[..200] + "...";
        string description = path.Length == 0
            ? $"Invalid JSON payload received. Unknown name \"\": Root element must be a message."
            : $"Invalid value at '{path}' ({type}), {shown}";
        _violations.Add((path, description));
    }

    private static string TypeName(string type) => type switch
    {
        "string" => "TYPE_STRING",
        "bytes" => "TYPE_BYTES",
        "bool" => "TYPE_BOOL",
        "int" => "TYPE_INT32",
        "long" => "TYPE_INT64",
        "number" => "TYPE_FLOAT",
        _ => "type.googleapis.com/google.ai.generativelanguage.v1beta." + EnumTypeNames.GetValueOrDefault(type, type),
    };

    private static Dictionary<string, Dictionary<string, Field>> ReadMessages()
    {
        Dictionary<string, Dictionary<string, Field>> messages = [];
        foreach ((string message, string body) in Sections(Messages))
        {
            Dictionary<string, Field> fields = new(StringComparer.Ordinal);
            foreach (string entry in body.Split(',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = entry.Split(' ');
                Field field = new(
                    SnakeCase(words[0]),
                    words[1].TrimStart('*', '!', '~'),
                    words[1].StartsWith('*'),
                    words[1].StartsWith('!'),
                    words[1].StartsWith('~'));
                fields[words[0]] = field;
                fields[field.Name] = field;
            }

            messages.Add(message, fields);
        }

        return messages;
    }

    /// <summary>Sections start in the first column with "Name:"; their lines may continue, indented.</summary>
    private static IEnumerable<(string Name, string Body)> Sections(string table)
    {
        string? name = null;
        List<string> body = [];
        foreach (string line in table.Split('\n'))
        {
            if (!line.StartsWith(' '))
            {
                if (name is not null) yield return (name, string.Join(' ', body));
                name = line[..line.IndexOf(':')];
                body = [line[(line.IndexOf(':') + 1)..].Trim()];
            }
            else
            {
                body.Add(line.Trim());
            }
        }

        yield return (name!, string.Join(' ', body));
    }

    private sealed record Field(string Name, string Type, bool Repeated, bool VertexOnly, bool GeminiOnly);
}
