using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>The tokens of an answer in the form of the Interactions API.</summary>
internal static class InteractionUsage
{
    /// <returns>Null for an answer without usage.</returns>
    public static WireObject? ToWire(GeneratedAnswer answer) => answer.UsageShape switch
    {
        UsageShape.None => null,
        UsageShape.Empty => [],
        UsageShape.Zero => ToWire(new AnswerUsage(), 0),
        UsageShape.Unknown => new() { { "tokens", answer.Usage.AnswerImage + answer.Usage.AnswerText } },
        _ => ToWire(answer.Usage, answer.Searches),
    };

    private static WireObject ToWire(AnswerUsage usage, int searches)
    {
        int input = usage.Prompt;
        int output = usage.AnswerText + usage.AnswerImage;
        WireObject wire = new()
        {
            { "total_input_tokens", input },
            { "input_tokens_by_modality", Modalities(
                ("text", usage.PromptText), ("image", usage.PromptImage), ("video", usage.PromptVideo),
                ("document", usage.PromptDocument)) },
            { "total_cached_tokens", 0 },
            { "total_output_tokens", output },
            { "output_tokens_by_modality", Modalities(("text", usage.AnswerText), ("image", usage.AnswerImage)) },
            { "total_thought_tokens", usage.Thoughts },
            { "total_tool_use_tokens", 0 },
            { "total_tokens", input + output + usage.Thoughts },
        };
        if (searches > 0)
        {
            wire.Add("grounding_tool_count", new[]
            {
                new WireObject { { "type", "google_search" }, { "count", searches } },
            });
        }

        return wire;
    }

    private static WireObject[] Modalities(params (string Name, int Tokens)[] counts) =>
        [.. counts.Where(count => count.Tokens > 0)
            .Select(count => new WireObject { { "modality", count.Name }, { "tokens", count.Tokens } })];
}
