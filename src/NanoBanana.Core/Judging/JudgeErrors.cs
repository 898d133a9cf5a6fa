using System.Collections.Immutable;
using NanoBanana.Images;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Judging;

/// <summary>Errors of judges and their answers. An error never counts as a score.</summary>
public static class JudgeErrors
{
    /// <summary>Id of the error for an image that is not good enough.</summary>
    internal const string RejectedId = "Nb.Judge.Rejected";

    // Longest part of the judge's text that an error repeats.
    private const int MostWords = 300;

    /// <summary>A model that does not judge.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="known">Ids of those that do.</param>
    /// <param name="isDrawer">Whether it is a model that draws.</param>
    internal static NbException UnknownModel(string name, ImmutableArray<string> known, bool isDrawer) => Error(
        "Nb.Judge.UnknownModel", NbErrorKind.ObjectNotFound,
        $"There is no judge '{name}'{(isDrawer ? ": it draws and does not judge" : "")}. {DidYouMean(name, known)}",
        "Nothing was sent. Choose another {option:judgeModel}, or add it with its prices to a file ({option:judgePath}).",
            name);

    /// <summary>A judge that the service does not have.</summary>
    internal static NbException NotAtService(string model, NbException inner) => Error(
        "Nb.Judge.UnknownModel", NbErrorKind.ObjectNotFound, $"The service has no judge '{model}': {inner.Message}",
        "Nothing was paid. Choose another {option:judgeModel}.", model, inner);

    /// <summary>A file of rules that cannot be used.</summary>
    internal static NbException DataInvalid(string path, Exception inner) => Error(
        "Nb.Judge.DataInvalid", NbErrorKind.ParserError, $"'{path}' does not say how to judge: {inner.Message}",
        "It is a JSON object of what differs from the built-in rules: id, defaultModel, models, words, aspects, schema.",
            path, inner);

    /// <summary>Nothing to compare with.</summary>
    public static NbException NothingToCheck(string image) => Error(
        "Nb.Judge.NothingToCheck", NbErrorKind.InvalidArgument,
        $"Nothing says what '{image}' should be like: it remembers no anchor and no reference.",
        "Name what it is compared with: {option:anchor}, {option:reference}, {option:prompt} or {option:policy}.",
            image);

    /// <summary>An option of judging where nothing is judged.</summary>
    /// <param name="option">Its name.</param>
    public static NbException NothingJudged(string option) => Error(
        "Nb.Judge.NothingJudged", NbErrorKind.InvalidArgument,
        $"Nothing is judged here, so '{option}' would count for nothing.",
        $"Say what is judged too ({{option:minimumScore}}, {{option:lettering}} or a {{option:policy}} that asks for "
        + $"it), or leave {{option:{option}}} out.", option);

    /// <summary>An order of lettering without a letter.</summary>
    internal static NbException NoLetters() => Error(
        "Nb.Judge.NoLetters", NbErrorKind.InvalidArgument,
        "An order of lettering is empty: it has nothing that could be read in a picture.",
        "Name the words in {option:lettering}, or leave it out.");

    /// <summary>A limit on drift without a picture to compare with.</summary>
    internal static NbException NothingToMeasure() => Error(
        "Nb.Judge.NothingToCheck", NbErrorKind.InvalidArgument,
        "Nothing says which picture the drift is measured from.",
        "Name it: {option:against}; {option:maximumDrift} is how far an image may be from it.");

    /// <summary>An image that is not good enough after all its tries. The best one was saved.</summary>
    /// <param name="image">The best image.</param>
    /// <param name="tries">The number of tries.</param>
    /// <param name="cost">USD of all tries and of judging; null when unknown.</param>
    public static NbException Rejected(NbImage image, int tries, decimal? cost) => new(
        RejectedId, NbErrorKind.InvalidResult,
        $"'{image}' is not good enough ({image.Verdict}), the best of {tries} {(tries == 1 ? "try" : "tries")}: "
        + string.Join(" ", image.Verdict?.Reasons ?? []),
        "All tries are kept. Look at it, change the prompt, raise {option:maximumTryCount} or lower {option:minimumScore}.")
    {
        Target = image.ToString(),
        Cost = cost,
    };

    internal static NbException NoAnswer(string image, string? reason, string said) => Error(
        "Nb.Judge.Refused", NbErrorKind.InvalidResult,
        $"The judge gave no answer on '{image}'{(reason is null ? "" : $" ({reason})")}. {Said(said)}".TrimEnd(),
        "Try again, or another {option:judgeModel}. A refusal is not a score: look at the picture yourself.", image);

    internal static NbException NoJson(string image, string said, Exception? inner = null) => Error(
        "Nb.Judge.NoJson", NbErrorKind.ParserError,
        $"The judge's answer on '{image}' is not the JSON that was asked for. {Said(said)}",
        "Try again, or another {option:judgeModel}. It is not a score: look at the picture yourself.", image, inner);

    internal static NbException MissingField(string image, string field, string said) => Error(
        "Nb.Judge.MissingField", NbErrorKind.ParserError,
        $"The judge's answer on '{image}' has no usable \"{field}\". {Said(said)}",
        "Try again, or another {option:judgeModel}. It is not a score: look at the picture yourself.", image);

    internal static NbException WithCost(NbException error, decimal? cost) =>
        new(error.ErrorId, error.Kind, error.Message, error.Advice, error.InnerException)
        {
            Target = error.Target,
            Cost = cost,
        };

    internal static string DidYouMean(string typed, IEnumerable<string> known)
    {
        string[] all = [.. known];
        return Nearest.To(typed, all) is { } near ? $"Did you mean '{near}'?" : $"There are {Listed(all)}.";
    }

    private static string Said(string said) => said.Trim() is { Length: > 0 } words
        ? $"It says: {(words.Length <= MostWords ? words : words[..MostWords] + "...")}" : "";
}
