using System.Text.Json;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>Reads the input of an interaction: words, one content, several contents, or a conversation as
/// steps.</summary>
internal static class InputReader
{
    private static readonly HashSet<string> Contents =
        new(StringComparer.Ordinal) { "text", "image", "audio", "video", "document" };

    public static List<InputStep> Read(JsonElement body, Func<string, RequestMedia> resolveFile)
    {
        JsonElement input = body.Field("input") ?? default;
        switch (input.ValueKind)
        {
            case JsonValueKind.Undefined:
                return [];
            case JsonValueKind.String:
                return [new InputStep(InputStep.UserInput, 1,
                    [new RequestPart { Text = input.GetString(), HasData = true }])];
            case JsonValueKind.Object:
                return [new InputStep(InputStep.UserInput, 1, [ReadContent(input, "input", resolveFile)])];
            case JsonValueKind.Array when input.GetArrayLength() == 0:
                return [];
            case JsonValueKind.Array when IsContent(input[0]):
                return [new InputStep(InputStep.UserInput, 1, ReadContents(input, "input", resolveFile))];
            case JsonValueKind.Array:
                return [.. input.EnumerateArray().Select((step, index) => ReadStep(step, index, resolveFile))];
            default:
                throw ServiceException.InvalidArgument($"Invalid value at 'input' (oneof), {input.GetRawText()}");
        }
    }

    /// <summary>The turns of a conversation that was sent as steps: all steps of the model up to the next user input
    /// are one turn.</summary>
    public static List<RequestTurn> Turns(IReadOnlyList<InputStep> steps)
    {
        List<RequestTurn> turns = [];
        List<RequestPart> parts = [];
        for (int index = 0; index < steps.Count; index++)
        {
            parts.AddRange(steps[index].Parts);
            bool isLast = index + 1 == steps.Count || steps[index + 1].IsUsers != steps[index].IsUsers;
            if (!isLast) continue;
            if (parts.Count > 0) turns.Add(new RequestTurn(steps[index].IsUsers ? "user" : "model", parts));
            parts = [];
        }

        return turns;
    }

    private static bool IsContent(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.Text("type") is { } type && Contents.Contains(type);

    private static InputStep ReadStep(JsonElement step, int index, Func<string, RequestMedia> resolveFile)
    {
        string path = $"input[{index}]";
        string type = step.ValueKind == JsonValueKind.Object ? step.Text("type") ?? "" : "";
        if (!InputStep.Types.Contains(type))
        {
            throw ServiceException.InvalidArgument($"Invalid value at '{path}.type' (oneof), \"{type}\"");
        }
        RequestSchema.Check(step, "InteractionStep", vertex: false, path);
        IReadOnlyList<RequestPart> parts = type switch
        {
            InputStep.UserInput or InputStep.ModelOutput =>
                ReadContents(step.Field("content") ?? default, $"{path}.content", resolveFile),
            InputStep.Thought => [.. ReadContents(step.Field("summary") ?? default, $"{path}.summary", resolveFile)
                .Select(part => part with { Thought = true })],
            "function_result" => [new RequestPart { Text = step.Field("result")?.GetRawText() ?? "", HasData = true }],
            _ => [],
        };
        string? bound = type switch
        {
            InputStep.SearchCall => StepSignatures.OfCall(
                step.Text("id")
                    ?? "", (step.Field("arguments") ?? default).Items("queries")
                    .Select(query => query.GetString() ?? "")),
            InputStep.SearchResult => StepSignatures.OfResult(step.Text("call_id") ?? ""),
            _ => null,
        };
        return new InputStep(type, index + 1, parts, step.Bytes("signature", $"{path}.signature"), bound);
    }

    private static List<RequestPart> ReadContents(
        JsonElement contents, string path, Func<string, RequestMedia> resolveFile) =>
        contents.ValueKind switch
        {
            JsonValueKind.Undefined => [],
            JsonValueKind.Array => [.. contents.EnumerateArray()
                .Select((content, index) => ReadContent(content, $"{path}[{index}]", resolveFile))],
            _ => [ReadContent(contents, path, resolveFile)],
        };

    private static RequestPart ReadContent(JsonElement content, string path, Func<string, RequestMedia> resolveFile)
    {
        RequestSchema.Check(content, "InteractionContent", vertex: false, path);
        string? type = content.Text("type");
        if (type is null || !Contents.Contains(type))
        {
            throw ServiceException.InvalidArgument($"Invalid value at '{path}.type' (oneof), \"{type}\"");
        }
        if (type == "text")
        {
            return content.Text("text") is { } text
                ? new RequestPart { Text = text, HasData = true }
                : throw ServiceException.InvalidArgument($"* CreateInteraction.{path}.text: text is not specified\n");
        }

        string mimeType = content.Text("mime_type") ?? "";
        string? resolution = content.Text("resolution");
        if (resolution is not (null or "low" or "medium" or "high" or "ultra_high"))
        {
            throw ServiceException.InvalidArgument($"Invalid value at '{path}.resolution' (TYPE_ENUM), \"{resolution}\"");
        }
        RequestMedia media = content.Bytes("data", $"{path}.data") is { } data
            ? new RequestMedia(mimeType, data)
            : content.Text("uri") is { } uri
                ? Linked(uri, mimeType, resolveFile)
                : throw ServiceException.InvalidArgument(
                    $"* CreateInteraction.{path}: one of data and uri must be specified\n");
        return new RequestPart { Media = media.With(resolution), HasData = true };
    }

    private static RequestMedia Linked(string uri, string mimeType, Func<string, RequestMedia> resolveFile) =>
        RequestMedia.IsForeign(uri) ? RequestMedia.Reference(uri, mimeType) : resolveFile(uri);
}
