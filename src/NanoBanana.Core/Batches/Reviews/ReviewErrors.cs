using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Batches.Reviews;

/// <summary>What can go wrong with reviews.</summary>
public static class ReviewErrors
{
    /// <summary>A picture that a person rejected.</summary>
    internal static NbException Rejected(string item, string? note) => new(
        "Nb.Review.Rejected", NbErrorKind.InvalidResult,
        $"'{item}' was rejected in a review{(note is null ? "." : $": {note}")}",
        "{option:retryFailed} makes it again; or approve it in the review page after all.") { Target = item };

    /// <summary>A review that cannot be read.</summary>
    internal static NbException Invalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Review.Invalid", NbErrorKind.ParserError, $"'{path}' is not a review: {why}",
        "Save it again from the review page, or remove the file.", path, inner);

    /// <summary>A review that would grow past what is read again.</summary>
    internal static NbException TooLong(string path, int most) => Error(
        "Nb.Review.TooLong", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant(
            $"'{path}' would have more than {most / 1_000_000} MB: nothing was added to it."),
        "Shorten the notes, or keep the pictures in several folders.", path);

    /// <summary>Something that cannot be served, as reviews lie in a folder.</summary>
    public static NbException NotAFolder(string what) => Error(
        "Nb.Review.NotAFolder", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(what)}' is neither a folder nor a batch, and reviews are kept in a folder.",
        "Give the folder that the images lie in.", Readable.Short(what));

    /// <summary>A run of approved pictures when none is approved.</summary>
    internal static NbException NothingApproved(string destination, string why) => Error(
        "Nb.Review.NothingApproved", NbErrorKind.ObjectNotFound, $"Nothing in '{destination}' is approved{why}.",
        "Review the pictures first ({command:review}); a page that was opened as a file saves review.json, "
        + "which belongs into that folder.", destination);

    /// <summary>The port of the review page is taken.</summary>
    internal static NbException NoPort(int port, Exception inner) => Error(
        "Nb.Review.PortTaken", NbErrorKind.ResourceUnavailable,
        $"The review page cannot listen on port {port}: {inner.Message}", "Choose another ({option:port}).",
        inner: inner);
}
