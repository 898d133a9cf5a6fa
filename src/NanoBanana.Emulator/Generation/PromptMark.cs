using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Generation;

/// <summary>
/// A failure asked for in the prompt, as <c>[[NAME]]</c> or <c>[[NAME:argument]]</c>. The last user turn's first mark
/// counts. Any name that is not in the table is answered as a finishReason of that name, known to the service or not.
/// </summary>
internal sealed partial record PromptMark(string Name, string? Argument)
{
    /// <summary>Marks that are no finishReason, and what they do. docs/emulator.md shows this table.</summary>
    public static IReadOnlyDictionary<string, MarkEffect> Effects { get; } = new Dictionary<string, MarkEffect>
    {
        ["BLOCKED"] = MarkEffect.Blocked,
        ["THOUGHTS_ONLY"] = MarkEffect.ThoughtsOnly,
        ["TEXT_ONLY"] = MarkEffect.TextOnly,
        ["INTERLEAVED"] = MarkEffect.Interleaved,
        ["NO_CANDIDATES"] = MarkEffect.NoCandidates,
        ["NO_CONTENT"] = MarkEffect.NoContent,
        ["NO_PARTS"] = MarkEffect.NoParts,
        ["EMPTY_TEXT_SIGNATURE"] = MarkEffect.EmptyTextSignature,
        ["MAX_TOKENS"] = MarkEffect.MaxTokens,
        ["ERROR"] = MarkEffect.Error,
        ["FAULT"] = MarkEffect.Fault,
        ["STATUS"] = MarkEffect.Status,
    };

    /// <summary>What the model says about a finishReason.</summary>
    public static IReadOnlyDictionary<string, string> FinishMessages { get; } = new Dictionary<string, string>
    {
        ["SAFETY"] = "The response was blocked because of its safety ratings.",
        ["IMAGE_SAFETY"] =
            "Unable to show the generated image. The image violates the usage policies; rephrase the prompt.",
        ["PROHIBITED_CONTENT"] = "The response was blocked because it holds prohibited content.",
        ["IMAGE_PROHIBITED_CONTENT"] = "Unable to show the generated image because it holds prohibited content.",
        ["RECITATION"] = "The response was blocked because it recites known material.",
        ["IMAGE_RECITATION"] = "Unable to show the generated image because it resembles a known work too closely.",
        ["NO_IMAGE"] = "The model could not generate the image for this prompt. Rephrase the prompt and try again.",
        ["IMAGE_OTHER"] = "Unable to show the generated image for a reason that is not given. Try again.",
        ["BLOCKLIST"] = "The response was blocked because it holds a forbidden term.",
        ["PUP_LIMITED_DISABLED"] = "The account is limited and cannot generate content.",
        ["MODEL_ARMOR"] = "The response was blocked by Model Armor.",
        ["ESCALATION"] = "The request was passed on to people who look at it.",
        ["TOO_MANY_TOOL_CALLS"] = "The model called tools too often.",
        ["SPII"] = "The response was blocked because it holds personal data.",
    };

    public MarkEffect Effect => Effects.GetValueOrDefault(Name, MarkEffect.FinishReason);

    public static PromptMark? Find(string prompt)
    {
        Match match = Pattern().Match(prompt);
        return match.Success
            ? new PromptMark(match.Groups["name"].Value, match.Groups["argument"] is { Success: true } argument
                ? argument.Value : null)
            : null;
    }

    [GeneratedRegex(@"\[\[(?<name>[A-Z][A-Z0-9_]*)(:(?<argument>[A-Za-z0-9_]+))?\]\]", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
