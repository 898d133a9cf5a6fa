using NanoBanana.Gemini;

namespace NanoBanana;

public static partial class NbErrors
{
    internal const string AnswerTruncatedId = "Nb.Answer.Truncated";

    /// <summary>An answer that is no JSON at all, such as a proxy's HTML page.</summary>
    /// <param name="beginning">The first characters of the body.</param>
    public static NbException AnswerNotJson(string beginning) => Uncertain(Error(
        "Nb.Answer.NotJson", NbErrorKind.ParserError, $"The answer is not JSON; it begins: {beginning}",
        "Something between here and the service (a proxy, a captive portal) may have answered. Check -BaseUri and the network."));

    /// <summary>An answer that breaks JSON's rules or the service's shape.</summary>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="inner">What the reader said.</param>
    /// <param name="mayBeBilled">Whether the call costs money.</param>
    public static NbException AnswerMalformed(string why, Exception? inner = null, bool mayBeBilled = true)
    {
        NbException e = Error(
            "Nb.Answer.Malformed", NbErrorKind.ParserError, $"The answer cannot be read: {why}",
            (mayBeBilled ? "The call may have been billed. " : "") + "Try again; if it happens again, report it together with the -Debug output.",
            inner: inner);
        return mayBeBilled ? Uncertain(e) : e;
    }

    /// <summary>An answer compressed in a way that cannot be undone here.</summary>
    /// <param name="encoding">What it calls itself.</param>
    /// <param name="mayBeBilled">Whether the call costs money.</param>
    public static NbException AnswerEncoded(string encoding, bool mayBeBilled)
    {
        NbException e = Error(
            "Nb.Answer.Encoded", NbErrorKind.ParserError, $"The answer is compressed as '{encoding}', which cannot be read here.",
            (mayBeBilled ? "The call may have been billed. " : "")
            + "Something between here and the service compresses answers nobody asked to have compressed so: let it send gzip or br, or none.");
        return mayBeBilled ? Uncertain(e) : e;
    }

    /// <summary>An answer that ends in the middle.</summary>
    public static NbException AnswerTruncated(Exception? inner = null) => Uncertain(Error(
        AnswerTruncatedId, NbErrorKind.ConnectionError, "The connection ended in the middle of the answer.",
        "The call may have been billed: check your usage before you send it again.", inner: inner));

    /// <summary>Image data that is not valid base64.</summary>
    public static NbException AnswerBadBase64() => Uncertain(Error(
        "Nb.Answer.BadBase64", NbErrorKind.ParserError, "The answer's image data is not valid base64.",
        "The call may have been billed. Try again; if it happens again, report it together with the -Debug output."));

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

    private static NbException Uncertain(NbException e) => new(e.ErrorId, e.Kind, e.Message, e.Advice, e.InnerException)
    {
        Target = e.Target,
        IsUncertain = true,
    };
}
