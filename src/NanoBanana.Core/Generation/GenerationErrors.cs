using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Gemini;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Generation;

/// <summary>Errors of calls that were not made, or that made no image.</summary>
public static partial class GenerationErrors
{
    internal const string OverBudgetId = "Nb.Budget.Exceeded";

    // A longer text would make the message hard to read.
    private const int MostWords = 1000;

    /// <summary>An answer without an image: the prompt was blocked, the model refused, or it answered only in
    /// words.</summary>
    /// <param name="prompt">What was asked for.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="candidate">Its candidate; null when there was none.</param>
    /// <param name="cost">USD it cost all the same; null when unknown.</param>
    /// <param name="kept">Full path of the file that holds its text and conversation; null when there is none.</param>
    /// <param name="answerId">Identifies the answer, so that it is counted once.</param>
    internal static NbException NoImage(
        string prompt, Answer answer, Candidate? candidate, decimal? cost, string? kept, string answerId)
    {
        bool blocked = answer.BlockReason is not null;
        string? reason = answer.BlockReason ?? candidate?.FinishReason;
        string said = candidate?.Content?.Text.Trim() ?? "";
        string? address = Address().Match(said) is { Success: true } link ? link.Value : null;
        string words = string.Join(' ', new[]
        {
            blocked ? answer.BlockReasonMessage : candidate?.FinishMessage,
            said.Length > 0 ? $"The model says: {(said.Length <= MostWords ? said : said[..MostWords] + "...")}" : null,
            address is null ? null : $"It names an address, where the picture may be: {address}",
            kept is null ? null : $"The words and their conversation are kept in {kept}.",
            answer.KeptAs is null ? null : $"The whole answer is kept in {answer.KeptAs}.",
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
            address is not null
                ? Filled("Fetch it: {way:fetchAddress}. Sending the prompt again is billed again.", address)
                : kept is null || blocked ? AdviceOn(reason, blocked)
                : AdviceOn(reason, blocked) + Filled(
                    " To go on from its words: {way:goOnFromWords}. Where words alone are welcome, ask with {option:allowText}.",
                    kept))
        {
            Target = prompt,
            Reason = reason,
            Cost = cost,
            AnswerId = answerId,
        };
    }

    [GeneratedRegex(@"https?://[^\s<>""'()\[\]]{4,2000}")]
    private static partial Regex Address();

    // gemini-api.md, section 2: which reasons may not recur when the request is sent again, and which will.
    private static string AdviceOn(string? reason, bool blocked) => reason switch
    {
        "PUP_LIMITED_DISABLED" =>
            "The account is limited: look at https://aistudio.google.com and the mail to its owner. Sending again does not help.",
        _ when blocked => "Reword the prompt; sending it again unchanged does not help.",
        "MAX_TOKENS" => "Ask for less: fewer images or words, or a lower {option:thinkingLevel}.",
        "MISSING_THOUGHT_SIGNATURE" => "Start a new conversation from the picture with {option:rebase}.",
        "SAFETY" or "IMAGE_SAFETY" =>
            "Reword the prompt or lower {option:safetyThreshold}; sending it again unchanged does not help.",
        "RECITATION" or "IMAGE_RECITATION" or "BLOCKLIST" or "SPII" or "PROHIBITED_CONTENT"
            or "IMAGE_PROHIBITED_CONTENT" or "LANGUAGE" =>
            "Reword the prompt; sending it again unchanged does not help.",
        "MODEL_ARMOR" or "ESCALATION" or "JAILBREAK" => "Reword the prompt; sending it again unchanged does not help.",
        "TOO_MANY_TOOL_CALLS" => "Ask for fewer searches, or none.",
        _ => "Sending it again may help, but is billed again. It often helps to begin the prompt with 'draw an image of'.",
    };

    /// <summary>A call that does not fit the budget.</summary>
    /// <param name="item">What was to be made.</param>
    /// <param name="needed">USD it usually costs at most.</param>
    /// <param name="committed">USD spent, or set aside for calls of unknown cost.</param>
    /// <param name="limit">USD that may be spent.</param>
    public static NbException OverBudget(string item, decimal needed, decimal committed, decimal limit) => Error(
        OverBudgetId, NbErrorKind.LimitsExceeded,
        FormattableString.Invariant(
            $"'{item}' may cost up to ${needed:0.####}, its thoughts included, which with the ${committed:0.####} spent or set aside would pass the limit of ${limit:0.####}."),
        "It was not sent. Raise {option:maxCost}, or run the rest later: what is finished is kept.", item);

    internal static NbException OverBudget(Order order, Budget budget) =>
        budget.Refusal(order.Name, budget.UsualCost(order.EstimatedCost, order.Model));

    /// <summary>A call that does not fit the connection's allowance.</summary>
    /// <param name="item">What was to be made.</param>
    /// <param name="needed">USD it usually costs at most.</param>
    /// <param name="allowance">The connection's allowance.</param>
    internal static NbException OverAllowance(string item, decimal needed, Allowance allowance) => Error(
        OverBudgetId, NbErrorKind.LimitsExceeded,
        FormattableString.Invariant(
            $"'{item}' may cost up to ${needed:0.####}, its thoughts included, and ${allowance.Left:0.####} of the ${allowance.Limit:0.####} for {allowance.Period.Words()} is left."),
        "It was not sent. Connect with a higher {option:maxCost} ({command:connect}), or run the rest later.", item);

    /// <summary>A folder whose budget for a period is used up.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="limit">USD that may be spent there.</param>
    /// <param name="spent">USD spent there.</param>
    /// <param name="period">The period.</param>
    public static NbException PeriodSpent(string folder, decimal limit, decimal spent, SpendingPeriod period) => Error(
        OverBudgetId, NbErrorKind.LimitsExceeded,
        FormattableString.Invariant(
            $"Of the ${limit:0.####} for {period.Words()}, ${spent:0.####} is spent in '{folder}': nothing is left."),
        "Nothing was sent. Raise {option:maxCost}, or go on when the next one begins.", folder);

    private static string Clock(DateTimeOffset time, TimeSpan away) => time.ToLocalTime().ToString(
        away < TimeSpan.FromHours(12) ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A model that the service wants paused for longer than a run waits.</summary>
    /// <param name="model">Its id.</param>
    /// <param name="refusal">The service's words.</param>
    /// <param name="pause">How long it asked to wait.</param>
    /// <param name="until">When it may be asked again.</param>
    internal static NbException PauseTooLong(string model, NbException refusal, TimeSpan pause, DateTimeOffset until) =>
        new(
        refusal.ErrorId, refusal.Kind,
        FormattableString.Invariant(
            $"The service wants no requests to {model} for {Readable.Duration(pause)}, and nothing else was left to do. {refusal.Message}"),
        FormattableString.Invariant(
            $"Run it again after {Clock(until, pause)}: what is finished is kept, and the rest was not billed."))
    {
        HttpStatus = refusal.HttpStatus,
        ServerStatus = refusal.ServerStatus,
        IsRetryable = true,
        RetryAfter = pause,
    };

    /// <summary>An item whose price is unknown, while there is a budget.</summary>
    public static NbException UnknownPrice(string item, string model) => Error(
        "Nb.Budget.UnknownPrice", NbErrorKind.LimitsExceeded,
        $"'{item}' was not sent: the price of {model} is unknown, so the limit cannot be kept.",
        "Add the model's prices to a catalog file ({option:catalogPath}), or leave {option:maxCost} out.", item);
}
