using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Rules;

/// <summary>What the service refuses, in its words where they are known.</summary>
internal static class RequestRules
{
    // image/gif and image/jpg are refused too (reports of users, with this message).
    private static readonly Dictionary<string, string> InputTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = "image", ["image/jpeg"] = "image", ["image/webp"] = "image", ["image/heic"] = "image",
            ["image/heif"] = "image",
        ["application/pdf"] = "document", ["text/plain"] = "text",
        ["video/mp4"] = "video", ["video/mpeg"] = "video", ["video/quicktime"] = "video", ["video/webm"] = "video",
        ["video/x-flv"] = "video", ["video/wmv"] = "video", ["video/3gpp"] = "video", ["video/avi"] = "video",
        ["audio/mp3"] = "audio", ["audio/wav"] = "audio", ["audio/ogg"] = "audio", ["audio/aac"] = "audio",
            ["audio/flac"] = "audio",
    };

    public static void Check(ModelEntry model, GenerateRequest request, bool vertex)
    {
        CheckAllButSignatures(model, request);
        CheckSignatures(model, request, vertex);
    }

    /// <summary>For a conversation whose signatures do not lie on its parts.</summary>
    public static void CheckAllButSignatures(ModelEntry model, GenerateRequest request)
    {
        ServiceTier.Check(request.ServiceTier, "service_tier");
        if (request.CachedContent is not null)
        {
            throw new ServiceException(403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)");
        }
        CheckContents(request);
        CheckMedia(model, request);
        CheckImage(model, request);
        CheckThinking(model, request);
        CheckOutput(model, request);
        CheckTools(model, request);
    }

    private static void CheckContents(GenerateRequest request)
    {
        if (request.Contents.Count == 0) throw Field($"{request.Message}.contents: contents is not specified");

        for (int turn = 0; turn < request.Contents.Count; turn++)
        {
            RequestTurn content = request.Contents[turn];
            if (content.Role is not ("user" or "model" or "function"))
            {
                throw ServiceException.InvalidArgument("Please use a valid role: user, model.");
            }
            if (content.Parts.Count == 0)
            {
                throw Field($"{request.Message}.contents[{turn}].parts: contents.parts must not be empty.");
            }
            for (int part = 0; part < content.Parts.Count; part++)
            {
                if (!content.Parts[part].HasData)
                {
                    throw Field($"{request.Message}.contents[{turn}].parts[{part}].data: "
                        + "required oneof field 'data' must have one initialized field");
                }
            }
        }

        if (request.Contents[^1].IsModel)
        {
            throw ServiceException.InvalidArgument(request.Contents.Count == 1
                ? "Please ensure that single turn requests end with a user role or the role field is empty."
                : "Please ensure that multiturn requests end with a user role or a function response.");
        }
    }

    private static void CheckMedia(ModelEntry model, GenerateRequest request)
    {
        foreach (RequestMedia media in request.Contents.SelectMany(turn => turn.Parts)
            .Where(part => part.Media is not null).Select(part => part.Media!))
        {
            if (!InputTypes.TryGetValue(media.MimeType, out string? kind) || !model.Inputs.Contains(kind))
            {
                throw ServiceException.InvalidArgument($"Unsupported MIME type: {media.MimeType}");
            }
            if (media is { IsImage: true, IsReference: false, Header: null })
            {
                throw ServiceException.InvalidArgument(
                    "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting");
            }
        }

        int most = request.Contents.Where(turn => !turn.IsModel)
            .Max(turn => turn.Parts.Count(part => part.Media is { IsImage: true }));
        if (most > model.ReferenceLimit)
        {
            throw ServiceException.InvalidArgument(
                $"Too many images in request: {most}. The model supports at most {model.ReferenceLimit} input images.");
        }
    }

    private static void CheckImage(ModelEntry model, GenerateRequest request)
    {
        if (model.IsText && (request.AspectRatio ?? request.ImageSize) is not null)
        {
            throw ServiceException.InvalidArgument($"Image output is not enabled for models/{model.Id}");
        }
        if (request.AspectRatio is { } ratio && !model.Ratios.Contains(ratio))
        {
            throw Field($"{request.Message}.{request.ImageField}.aspect_ratio: "
                + $"aspect_ratio must be one of {OneOf(model.Ratios)}.");
        }

        if (request.ImageSize is not { } size) return;
        if (!model.SizeParameter) throw ServiceException.InvalidArgument("Image size is not enabled for this model");
        if (!model.Sizes.Contains(size))
        {
            throw Field($"{request.Message}.{request.ImageField}.image_size: "
                + $"image_size must be one of {OneOf(model.Sizes)}.");
        }
    }

    private static void CheckThinking(ModelEntry model, GenerateRequest request)
    {
        if (request.ThinkingLevel is { } level && level != "thinking_level_unspecified")
        {
            if (model.ThinkingLevels.Count == 0)
            {
                throw ServiceException.InvalidArgument("Thinking level is not supported for this model.");
            }
            if (request.ThinkingBudget is not null)
            {
                throw ServiceException.InvalidArgument(
                    "You can only set only one of thinking budget and thinking level.");
            }
            if (!model.ThinkingLevels.Contains(level))
            {
                throw ServiceException.InvalidArgument(
                    $"Thinking level {level.ToUpperInvariant()} is not supported for this model.");
            }
        }

        if ((request.IncludeThoughts || request.ThinkingBudget is not null) && !model.Thinks)
        {
            throw ServiceException.InvalidArgument($"Thinking is not enabled for models/{model.Id}");
        }
    }

    private static void CheckOutput(ModelEntry model, GenerateRequest request)
    {
        string[] other = [.. request.Modalities.Where(name => name != "TEXT" && (model.IsText || name != "IMAGE"))];
        if (other.Length > 0)
        {
            throw ServiceException.InvalidArgument(
                $"The requested combination of response modalities ({string.Join(", ", request.Modalities)}) is not supported "
                + $"by the model. models/{model.Id} accepts the following combination of response modalities:\n"
                + (model.IsText ? "* TEXT\n" : "* IMAGE\n* IMAGE, TEXT\n* TEXT\n"));
        }

        if (request.CandidateCount is < 1 or > 8)
        {
            throw Field($"{request.Message}.generation_config.candidate_count: "
                + $"candidate_count must be in the range [1, 9).");
        }

        if (request.CandidateCount > 1)
        {
            throw ServiceException.InvalidArgument("Multiple candidates is not enabled for this model");
        }
        if (request.MaxOutputTokens is < 1)
        {
            throw Field($"{request.Message}.generation_config.max_output_tokens: max_output_tokens must be positive.");
        }
        bool isJson = request.ResponseMimeType is not (null or "" or "text/plain");
        if (request.ResponseSchema is not null && model.IsText && !isJson)
        {
            throw Field($"{request.Message}.generation_config.response_schema: only allowed when response_mime_type is "
                + "application/json or text/x.enum");
        }

        if (isJson && !model.IsText) throw ServiceException.InvalidArgument("JSON mode is not enabled for this model");
    }

    private static void CheckTools(ModelEntry model, GenerateRequest request)
    {
        foreach (string tool in request.Tools.Select(RequestSchema.SnakeCase))
        {
            switch (tool)
            {
                case "google_search" when model.WebSearch:
                case { } own when own != "google_search" && model.Tools.Contains(own):
                    break;
                case "google_search" or "google_search_retrieval" or "enterprise_web_search":
                    throw ServiceException.InvalidArgument("Search as tool is not enabled for this model");
                case "function_declarations":
                    throw ServiceException.InvalidArgument($"Function calling is not enabled for models/{model.Id}");
                case "code_execution":
                    throw ServiceException.InvalidArgument($"Code execution is not enabled for models/{model.Id}");
                default:
                    throw ServiceException.InvalidArgument($"Tool {tool} is not enabled for models/{model.Id}");
            }
        }

        if (request.ImageSearch && !model.ImageSearch)
        {
            throw ServiceException.InvalidArgument("Image search is not enabled for this model");
        }
    }

    private static void CheckSignatures(ModelEntry model, GenerateRequest request, bool vertex)
    {
        for (int turn = 0; turn < request.Contents.Count && !model.IsText; turn++)
        {
            RequestTurn content = request.Contents[turn];
            if (!content.IsModel) continue;
            for (int index = 0; index < content.Parts.Count; index++)
            {
                RequestPart part = content.Parts[index];
                if (part.Signature is { Length: > 0 } signature)
                {
                    string bound = part.Media is { } media
                        ? ThoughtSignature.ImageContent(media.MimeType, media.Hash)
                        : ThoughtSignature.TextContent(part.Text ?? "");
                    if (!ThoughtSignature.IsValid(signature, model.Id, bound))
                    {
                        throw ServiceException.InvalidArgument(vertex
                            ? "Unable to submit request because Thought signature is not valid.. Learn more: "
                                + "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini"
                            : "Corrupted thought signature.");
                    }
                }
                else if (part is { Thought: false, Media.IsImage: true } && model.Thinks)
                {
                    throw ServiceException.InvalidArgument(
                        $"Image part is missing a thought_signature in content position {turn + 1}, part position {index + 1}. "
                        + "Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures#model-behavior for more details.");
                }
            }
        }
    }

    private static ServiceException Field(string message) => ServiceException.InvalidArgument($"* {message}\n");

    /// <summary>'a', 'b', or 'c'.</summary>
    private static string OneOf(IReadOnlyList<string> values) => values.Count == 1
        ? $"'{values[0]}'"
        : string.Join(", ", values.Take(values.Count - 1).Select(value => $"'{value}'"))
            + $"{(values.Count > 2 ? "," : "")} or '{values[^1]}'";
}
