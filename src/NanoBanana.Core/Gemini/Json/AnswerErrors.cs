using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Gemini.Json;

/// <summary>Errors in the body of an answer.</summary>
internal static class AnswerErrors
{
    internal const string TruncatedId = "Nb.Answer.Truncated";
    internal const string NotFetchedId = "Nb.Answer.NotFetched";
    internal const string NotReadyId = "Nb.Answer.NotReady";
    internal const string GoneId = "Nb.Answer.Gone";
    internal const string DownloadBrokenId = "Nb.Service.DownloadBroken";

    /// <summary>An answer that is not JSON at all, such as a proxy's HTML page.</summary>
    /// <param name="beginning">The first characters of the body.</param>
    public static NbException NotJson(string beginning) => Uncertain(Error(
        "Nb.Answer.NotJson", NbErrorKind.ParserError, $"The answer is not JSON; it begins: {beginning}",
        "Something between here and the service (a proxy, a captive portal) may have answered. Check {option:baseUri} and the network."));

    /// <summary>An answer that breaks JSON's rules or the service's shape.</summary>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="inner">What the reader said.</param>
    /// <param name="mayBeBilled">Whether the call costs money.</param>
    public static NbException Malformed(string why, Exception? inner = null, bool mayBeBilled = true)
    {
        NbException e = Error(
            "Nb.Answer.Malformed", NbErrorKind.ParserError, $"The answer cannot be read: {why}",
            (mayBeBilled ? "The call may have been billed. " : "")
                + "Try again; if it happens again, report it together with {way:callDetails}.",
            inner: inner);
        return mayBeBilled ? Uncertain(e) : e;
    }

    /// <summary>An answer whose compression is not supported.</summary>
    /// <param name="encoding">Name of the compression.</param>
    /// <param name="mayBeBilled">Whether the call costs money.</param>
    public static NbException Encoded(string encoding, bool mayBeBilled)
    {
        NbException e = Error(
            "Nb.Answer.Encoded", NbErrorKind.ParserError,
                $"The answer is compressed as '{encoding}', which cannot be read here.",
            (mayBeBilled ? "The call may have been billed. " : "")
            + "Something between here and the service compresses answers in a way that was not asked for: have it send gzip or br, or none.");
        return mayBeBilled ? Uncertain(e) : e;
    }

    /// <summary>An unreadable answer, with the file it is saved in.</summary>
    /// <param name="error">What is wrong with it.</param>
    /// <param name="path">Full path of the file; null when it could not be saved.</param>
    internal static NbException Kept(NbException error, string? path) => Kept(error, "The whole answer", path);

    /// <summary>An incomplete answer, with the file that has the part received.</summary>
    /// <param name="error">How it ended.</param>
    /// <param name="path">Full path of the file; null when it could not be saved.</param>
    internal static NbException KeptPart(NbException error, string? path) => Kept(error, "What had arrived", path);

    private static NbException Kept(NbException error, string what, string? path) => path is null ? error
        : new NbException(error.ErrorId, error.Kind, $"{error.Message} {what} is kept in {path}.", error.Advice, error)
    {
        HttpStatus = error.HttpStatus,
        ServerStatus = error.ServerStatus,
        IsUncertain = error.IsUncertain,
        Target = error.Target,
        KeptAs = path,
    };

    /// <summary>An answer that ends early.</summary>
    public static NbException Truncated(Exception? inner = null) => Uncertain(Error(
        TruncatedId, NbErrorKind.ConnectionError, "The connection ended in the middle of the answer.",
        "The call may have been billed: check your usage before you send it again.", inner: inner));

    /// <summary>An answer that the service keeps but that could not be fetched now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="inner">Why.</param>
    public static NbException NotFetched(string id, NbException inner) => new(
        NotFetchedId, inner.Kind, $"The answer {id} was made and could not be fetched: {inner.Message}",
        "The service keeps it, and to fetch it later costs nothing: {way:fetchAnswers}.", inner)
    {
        HttpStatus = inner.HttpStatus,
        ServerStatus = inner.ServerStatus,
        IsUncertain = true,
    };

    /// <summary>An answer that the service is still at work on.</summary>
    /// <param name="id">Its id.</param>
    public static NbException NotReady(string id) => Uncertain(Error(
        NotReadyId, NbErrorKind.OperationTimeout, $"The service is still making the answer {id}.",
        "To fetch it later costs nothing: {way:fetchAnswers}."));

    /// <summary>An answer that was lost on the way and that the service was asked not to store.</summary>
    /// <param name="lost">How it was lost.</param>
    public static NbException NotKept(NbException lost) => new(
        lost.ErrorId, lost.Kind, lost.Message,
        $"{lost.Advice} The service was asked to keep nothing ({{option:noStore}}), so the answer cannot be fetched.",
        lost)
    {
        HttpStatus = lost.HttpStatus,
        ServerStatus = lost.ServerStatus,
        Target = lost.Target,
        IsUncertain = true,
    };

    /// <summary>An answer that was made but that the service does not have any more.</summary>
    /// <param name="id">Its id.</param>
    internal static NbException Gone(string id) => Uncertain(Error(
        GoneId, NbErrorKind.ObjectNotFound,
        $"The service does not have the answer {id}: it was kept for another key, has expired, or was deleted.",
        "Connect with the key that it was made with. It was billed then: check your usage before you send it again."));

    /// <summary>A free call with an unexpected answer.</summary>
    public static NbException Unexpected(string expected) => Error(
        "Nb.Answer.Malformed", NbErrorKind.ParserError, $"The answer does not contain the {expected} it should.",
        "Check {option:baseUri} and the network; if it happens again, report it together with {way:callDetails}.");

    /// <summary>A download that broke off.</summary>
    public static NbException DownloadBroken(Exception? inner = null) => new(
        DownloadBrokenId, NbErrorKind.ConnectionError, "The download broke off before its end.",
        "Download it again: the service keeps the file, and downloads are free.", inner) { IsRetryable = true };
}
