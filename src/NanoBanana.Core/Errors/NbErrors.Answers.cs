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
            (mayBeBilled ? "The call may have been billed. " : "") + "Try again; if it stays, report it with -Debug output.",
            inner: inner);
        return mayBeBilled ? Uncertain(e) : e;
    }

    /// <summary>An answer that ends in the middle.</summary>
    public static NbException AnswerTruncated(Exception? inner = null) => Uncertain(Error(
        AnswerTruncatedId, NbErrorKind.ConnectionError, "The connection ended in the middle of the answer.",
        "The call may have been billed: look before you send it again.", inner: inner));

    /// <summary>Base64 that is none, where an image should be.</summary>
    public static NbException AnswerBadBase64() => Uncertain(Error(
        "Nb.Answer.BadBase64", NbErrorKind.ParserError, "The answer's image data is not valid base64.",
        "The call may have been billed. Try again; if it stays, report it with -Debug output."));

    private static NbException Uncertain(NbException e) => new(e.ErrorId, e.Kind, e.Message, e.Advice, e.InnerException)
    {
        Target = e.Target,
        IsUncertain = true,
    };
}
