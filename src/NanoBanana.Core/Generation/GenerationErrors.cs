using NanoBanana.Gemini;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Generation;

/// <summary>Why a call was not made, or made no image.</summary>
public static class GenerationErrors
{
    /// <summary>An answer without an image: the prompt was blocked, the model refused, or it only spoke.</summary>
    /// <param name="prompt">What was asked for.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="candidate">Its candidate; null when there was none.</param>
    /// <param name="cost">USD it cost all the same; null when unknown.</param>
    public static NbException NoImage(string prompt, Answer answer, Candidate? candidate, decimal? cost)
    {
        bool blocked = answer.BlockReason is not null;
        string? reason = answer.BlockReason ?? candidate?.FinishReason;
        string words = string.Join(' ', new[]
        {
            blocked ? answer.BlockReasonMessage : candidate?.FinishMessage,
            candidate?.Content?.Text.Trim() is { Length: > 0 } text ? $"The model says: {text}" : null,
        }.OfType<string>());
        string what = (blocked, reason) switch
        {
            (true, _) => $"The prompt was blocked ({reason}).",
            (_, null) => "The answer has no image and gives no reason.",
            _ => $"The answer has no image ({reason}).",
        };
        return new NbException(
            blocked ? "Nb.Answer.Blocked" : "Nb.Answer.NoImage",
            NbErrorKind.InvalidResult,
            words.Length == 0 ? what : $"{what} {words}",
            AdviceOn(reason, blocked))
        {
            Target = prompt,
            Reason = reason,
            Cost = cost,
        };
    }

    // gemini-api.md, section 2: which reasons may pass when asked again, and which will not.
    private static string AdviceOn(string? reason, bool blocked) => reason switch
    {
        _ when blocked => "Reword the prompt; sending it again unchanged does not help.",
        "MAX_TOKENS" => "Ask for less: fewer images or words, or a lower -ThinkingLevel.",
        "MISSING_THOUGHT_SIGNATURE" => "Start a new conversation from the picture with -Rebase.",
        "SAFETY" or "IMAGE_SAFETY" => "Reword the prompt or lower -SafetyThreshold; sending it again unchanged does not help.",
        "RECITATION" or "IMAGE_RECITATION" or "BLOCKLIST" or "SPII" or "PROHIBITED_CONTENT" or "IMAGE_PROHIBITED_CONTENT" or "LANGUAGE" =>
            "Reword the prompt; sending it again unchanged does not help.",
        _ => "Sending it again may help, but is billed again. It often helps to begin the prompt with 'draw an image of'.",
    };

    /// <summary>A call that would spend more than was allowed.</summary>
    /// <param name="limit">USD allowed.</param>
    /// <param name="committed">USD spent or reserved by calls in progress.</param>
    /// <param name="estimate">USD the call is expected to cost.</param>
    public static NbException CallOverBudget(decimal limit, decimal committed, decimal estimate) => Error(
        "Nb.Budget.Exceeded", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant($"The next call (up to ${estimate:0.0000}, its thoughts included) would pass the limit of ${limit:0.00##}: ${committed:0.0000} is already spent or reserved by calls in progress."),
        "Raise -MaxCost, or run the rest later.");

    /// <summary>An item that would not fit into what may be spent.</summary>
    public static NbException OverBudget(string item, decimal needed, decimal spent, decimal limit) => Error(
        "Nb.Budget.Exceeded", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant($"'{item}' may cost up to ${needed:0.####}, which with the ${spent:0.####} spent would pass the limit of ${limit:0.####}."),
        "It was not sent. Raise -MaxCost and run again: finished items are not made again.", item);

    /// <summary>An item whose price nobody knows, while there is a limit.</summary>
    public static NbException UnknownPrice(string item, string model) => Error(
        "Nb.Budget.UnknownPrice", NbErrorKind.LimitsExceeded,
        $"'{item}' was not sent: the price of {model} is unknown, so the limit cannot be kept.",
        "Add the model's prices to a catalogue file (-CatalogPath), or leave -MaxCost out.", item);
}
