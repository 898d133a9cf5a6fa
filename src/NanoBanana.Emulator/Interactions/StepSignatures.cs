using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary> The signatures of steps: a thought's signature binds the output after it, a tool call's or result's binds
/// its own content. Like those of parts they are computed from what they bind, so any emulator can verify them.
/// </summary>
internal static class StepSignatures
{
    /// <summary>What a thought's signature binds.</summary>
    public static string OfOutput(IEnumerable<WireObject> contents) =>
        "output:" + string.Join('\n', contents.Select(content =>
        content["text"] as string ?? Image(content["mime_type"] as string, content["data"] is ReadOnlyMemory<byte> data
            ? Sha256Hex.Of(data.Span)
            : "")));

    public static string OfCall(string id, IEnumerable<string> queries) => $"call:{id}:{string.Join('\n', queries)}";

    public static string OfResult(string callId) => "result:" + callId;

    /// <exception cref="ServiceException">A signature is missing, was changed, or belongs to another model.</exception>
    public static void Check(ModelEntry model, IReadOnlyList<InputStep> steps)
    {
        for (int start = 0; start < steps.Count; start++)
        {
            if (steps[start].IsUsers) continue;
            int end = start;
            while (end < steps.Count && !steps[end].IsUsers) end++;
            CheckTurn(model, [.. steps.Skip(start).Take(end - start)]);
            start = end;
        }
    }

    private static void CheckTurn(ModelEntry model, IReadOnlyList<InputStep> steps)
    {
        RequestPart[] output =
            [.. steps.Where(step => step.Type == InputStep.ModelOutput).SelectMany(step => step.Parts)];
        string bound = "output:" + string.Join('\n', output.Select(part =>
            part.Text ?? Image(part.Media?.MimeType, part.Media?.Hash ?? "")));
        bool isSigned = false;
        foreach (InputStep step in steps)
        {
            if (step.Type is not (InputStep.Thought or InputStep.SearchCall or InputStep.SearchResult)) continue;
            if (step.Signature is not { Length: > 0 } signature)
            {
                if (model.Thinks && step.Type != InputStep.Thought) throw Missing(step);
                continue;
            }

            isSigned |= step.Type == InputStep.Thought;
            if (!ThoughtSignature.IsValid(signature, model.Id, step.Bound ?? bound))
            {
                throw ServiceException.InvalidArgument("Corrupted thought signature.");
            }
        }

        if (!isSigned && model.Thinks && output.Any(part => part.Media is { IsImage: true }))
        {
            throw Missing(steps.First(step =>
                step.Type == InputStep.ModelOutput && step.Parts.Any(part => part.Media is not null)));
        }
    }

    private static string Image(string? mimeType, string hash) => $"image:{mimeType}:{hash}";

    private static ServiceException Missing(InputStep step) => ServiceException.InvalidArgument(
        $"The {step.Type} step is missing a thought_signature in step position {step.Position}. "
        + "Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures#model-behavior for more details.");
}
