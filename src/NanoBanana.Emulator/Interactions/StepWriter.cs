using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>Writes the model's answer as the steps of an interaction.</summary>
internal static class StepWriter
{
    /// <param name="model">The model.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="link">Stores a picture that is answered as an address; null to send it inline.</param>
    public static List<WireObject> Write(
        ModelEntry model, GenerateRequest request, GeneratedAnswer answer, Func<byte[], string, string>? link)
    {
        WireObject[] parts = [.. answer.Parts ?? []];
        List<WireObject> contents = [.. parts.Where(part => part["thought"] is null).Select(Content)];
        Annotate(contents, answer.Grounding);
        List<WireObject> steps = [];
        WireObject[] summary = [.. parts.Where(part => part["thought"] is not null).Select(Content)];
        if (answer.Parts is not null && (model.Thinks || summary.Length > 0))
        {
            steps.Add(Thought(model, parts, contents, summary));
        }
        if (answer.Grounding is not null) AddSearches(steps, model, request, answer.Grounding);

        WireObject? error = answer.FinishReason is "STOP" or "MAX_TOKENS" ? null
            : Refusal(answer.FinishReason, answer.FinishMessage);
        if (contents.Count > 0 || error is not null)
        {
            WireObject output = new() { { "type", InputStep.ModelOutput } };
            if (contents.Count > 0)
            {
                output.Add("content",
                    contents.Select(content => link is null ? content : Linked(content, link)).ToArray());
            }
            output.AddIfAny("error", error);
            steps.Add(output);
        }

        return steps;
    }

    /// <summary>Turns the parts of an answer into those of the stored conversation.</summary>
    public static RequestTurn? Turn(GeneratedAnswer answer)
    {
        RequestPart[] parts =
            [.. (answer.Parts ?? []).Where(part => part["thought"] is null).Select(part => new RequestPart
        {
            Text = part["text"] as string,
            Media = part["inlineData"] is WireObject image && image["data"] is ReadOnlyMemory<byte> data
                ? new RequestMedia((string)image["mimeType"]!, data)
                : null,
            HasData = true,
        })];
        return parts.Length == 0 ? null : new RequestTurn("model", parts);
    }

    private static WireObject Thought(
        ModelEntry model, IReadOnlyList<WireObject> parts, IEnumerable<WireObject> contents, WireObject[] summary)
    {
        WireObject thought = new() { { "type", InputStep.Thought } };
        if (model.Thinks) thought.Add("signature", Sign(model, parts, StepSignatures.OfOutput(contents)));
        if (summary.Length > 0) thought.Add("summary", summary);
        return thought;
    }

    // As long as the longest signature that the parts would have.
    private static ReadOnlyMemory<byte> Sign(ModelEntry model, IReadOnlyList<WireObject> parts, string bound)
    {
        int length = parts.Max(part =>
            part["thoughtSignature"] is ReadOnlyMemory<byte> signature ? (int?)signature.Length : null)
            ?? ThoughtSignature.ShortestLength;
        return ThoughtSignature.Create(model.Id, bound, length);
    }

    private static void AddSearches(List<WireObject> steps, ModelEntry model, GenerateRequest request,
        WireObject grounding)
    {
        string suggestions = (grounding["searchEntryPoint"] as WireObject)?["renderedContent"] as string ?? "";
        if (request.WebSearch)
        {
            AddSearch(steps, model, "web_search", Queries(grounding, "webSearchQueries"), suggestions);
        }
        if (request.ImageSearch)
        {
            AddSearch(steps, model, "image_search", Queries(grounding, "imageSearchQueries"), suggestions);
        }
    }

    private static void AddSearch(
        List<WireObject> steps, ModelEntry model, string type, string[] queries, string suggestions)
    {
        string id = NameMaker.Create(12);
        steps.Add(new WireObject
        {
            { "type", InputStep.SearchCall },
            { "id", id },
            { "search_type", type },
            { "arguments", new WireObject { { "queries", queries } } },
            { "signature", Signed(model, StepSignatures.OfCall(id, queries)) },
        });
        steps.Add(new WireObject
        {
            { "type", InputStep.SearchResult },
            { "call_id", id },
            { "result", new[] { new WireObject { { "search_suggestions", suggestions } } } },
            { "signature", Signed(model, StepSignatures.OfResult(id)) },
        });
    }

    private static ReadOnlyMemory<byte> Signed(ModelEntry model, string bound) =>
        ThoughtSignature.Create(model.Id, bound, ThoughtSignature.ShortestLength);

    private static string[] Queries(WireObject? grounding, string name) => grounding?[name] as string[] ?? [];

    // The sources are citations of the answer's first words.
    private static void Annotate(List<WireObject> contents, WireObject? grounding)
    {
        if (grounding?["groundingChunks"] is not IEnumerable<WireObject> chunks
            || contents.Find(content => content["text"] is string) is not { } text)
            return;
        text.Add("annotations",
            chunks.Select(chunk => (chunk["web"] ?? chunk["image"]) as WireObject).Select(source => new WireObject
        {
            { "type", "url_citation" },
            { "url", source!["uri"] ?? source["sourceUri"] },
            { "title", source["title"] },
            { "start_index", 0 },
            { "end_index", ((string)text["text"]!).Length },
        }).ToArray());
    }

    private static WireObject Content(WireObject part)
    {
        if (part["inlineData"] is WireObject inline)
        {
            return new WireObject { { "type", "image" }, { "mime_type", inline["mimeType"] },
                { "data", inline["data"] } };
        }
        if (part["fileData"] is WireObject file)
        {
            return new WireObject { { "type", "image" }, { "mime_type", file["mimeType"] },
                { "uri", file["fileUri"] } };
        }
        return new WireObject { { "type", "text" }, { "text", part["text"] } };
    }

    private static WireObject Linked(WireObject content, Func<byte[], string, string> link)
    {
        if (content["data"] is not ReadOnlyMemory<byte> data) return content;
        string mimeType = (string)content["mime_type"]!;
        return new WireObject { { "type", "image" }, { "mime_type", mimeType },
            { "uri", link(data.ToArray(), mimeType) } };
    }

    private static WireObject Refusal(string reason, string? message) => new()
    {
        { "code", 3 },
        { "message", message ?? $"The response was stopped: {reason}." },
        { "details", new[] {
            ServiceException.Detail("ErrorInfo", new KeyValuePair<string, object?>("reason", reason)) } },
    };
}
