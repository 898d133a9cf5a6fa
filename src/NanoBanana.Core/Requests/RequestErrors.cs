using NanoBanana.Images;
using NanoBanana.Models;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Requests;

/// <summary>What can be wrong with what is asked for.</summary>
public static class RequestErrors
{
    /// <summary>A prompt that is empty or only white space.</summary>
    public static NbException EmptyPrompt() => Error(
        "Nb.Request.EmptyPrompt", NbErrorKind.InvalidArgument, "The prompt is empty.",
            "Describe the picture in a sentence.");

    /// <summary>A text with characters that could not be decoded: the model would draw them, and the call would be paid
    /// for.</summary>
    internal static NbException BrokenText(string text) => Error(
        "Nb.Request.BrokenText", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(text)}' has characters that could not be decoded (\uFFFD).",
        "Read the file in the encoding it was written in: {way:readEncoding}.",
            text);

    /// <summary>An object that is neither words nor a row with words.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="advice">What to pipe instead; null for the default advice.</param>
    public static NbException NotAPrompt(string what, string? advice = null) => Error(
        "Nb.Request.NotAPrompt", NbErrorKind.InvalidArgument, $"{what} is not a prompt.",
        advice ?? "Give {way:givePrompts}. Nothing was sent for it.",
            what);

    /// <summary>Piped input that is not a row of settings, together with a typed prompt.</summary>
    public static NbException BesidePrompt(string type) => Error(
        "Nb.Request.NotAPrompt", NbErrorKind.InvalidArgument,
        $"A prompt is typed, and a {type} is piped beside it: only a row of settings goes with a prompt.",
        "Leave one of the two out. To draw with a picture, give it as {option:reference}; to change one, {command:edit}. Nothing was sent for it.",
        type);

    /// <summary>An image whose request is not fully recorded: repeating it could make another picture.</summary>
    public static NbException NotRepeatable(string image, string why, string advice) => Error(
        "Nb.Request.NotRepeatable", NbErrorKind.InvalidArgument, $"The request of '{image}' cannot be repeated: {why}.",
            advice, image);

    /// <summary>A picture's path in place of the prompt: two arguments in the wrong order.</summary>
    public static NbException InstructionIsPath(string instruction) => Error(
        "Nb.Request.InstructionIsPath", NbErrorKind.InvalidArgument,
            $"'{instruction}' is a picture, not an instruction.",
        Filled("The words come first: {way:editPicture}", instruction), instruction);

    /// <summary>A file object where prompts or rows are expected.</summary>
    public static NbException PromptIsPath(string path) => Error(
        "Nb.Request.PromptIsPath", NbErrorKind.InvalidArgument,
            $"'{path}' is a {(Directory.Exists(path) ? "folder" : "file")}, not a prompt.",
        ImageFile.HasImageExtension(path)
            ? "To change the picture: {way:editPicture|...}; to draw with it to look at: {way:drawWithPicture}."
            : "{way:readPrompts}; a manifest (JSON or JSON lines) is for {command:startBatch}, alone.",
        path);

    /// <summary>A size the model does not make.</summary>
    internal static NbException UnsupportedSize(string size, ModelInfo model) => Error(
        "Nb.Request.UnsupportedSize", NbErrorKind.InvalidArgument,
        $"{model.Id} has no size '{size}'. Its sizes are {Listed(model.Sizes)}.",
            $"Use {{option:size}} {model.DefaultSize}, or another {{option:model}}.", size);

    /// <summary>An aspect ratio the model does not make.</summary>
    internal static NbException UnsupportedRatio(string ratio, ModelInfo model) => Error(
        "Nb.Request.UnsupportedRatio", NbErrorKind.InvalidArgument,
        $"{model.Id} has no aspect ratio '{ratio}'; its ratios are {Listed(model.Ratios)}.",
        ratio.Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? "Leave {option:aspectRatio} out: then the model chooses."
            : "Choose one of those, or another {option:model}.",
        ratio);

    /// <summary>A thinking level the model does not take.</summary>
    internal static NbException UnsupportedThinkingLevel(string level, ModelInfo model) => Error(
        "Nb.Request.UnsupportedThinkingLevel", NbErrorKind.InvalidArgument,
        model.Thinking.Levels.Count == 0
            ? $"{model.Id} takes no thinking level{(model.Thinking.Always ? ": it always thinks" : "")}."
            : $"{model.Id} has no thinking level '{level}'; its levels are {Listed(model.Thinking.Levels)}.",
        "Leave {option:thinkingLevel} out, or choose another {option:model}.", level);

    /// <summary>A tool the model does not have.</summary>
    internal static NbException UnsupportedGrounding(string grounding, ModelInfo model) => Error(
        "Nb.Request.UnsupportedGrounding", NbErrorKind.InvalidArgument,
        model.Grounding.Count == 0
            ? $"{model.Id} cannot search: it has no '{grounding}'."
            : $"{model.Id} has no search '{grounding}'; it has {Listed(model.Grounding)}.",
        "Leave {option:grounding} out, or choose another {option:model}.", grounding);

    /// <summary>A tool the catalog does not describe, so that there is nothing to send for it.</summary>
    public static NbException UnknownTool(string grounding, ModelInfo model, ModelCatalog catalog)
    {
        IEnumerable<string> names = model.IsKnown ? model.Grounding : catalog.Tools.Select(tool => tool.Name);
        string near = Nearest.To(grounding.Trim(), names) is { } name ? $"Did you mean '{name}'? " : "";
        return Error("Nb.Request.UnsupportedGrounding", NbErrorKind.InvalidArgument,
            $"There is no search '{grounding}'{(names.Any() ? $"; {model.Id} has {Listed(names)}" : "")}.",
            $"{near}A catalog file can describe another tool and what is sent for it.", grounding);
    }

    /// <summary>A text that is neither a day nor a moment.</summary>
    internal static NbException NotAMoment(RequestOption option, string text) => Error(
        "Nb.Request.NotAMoment", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(text)}' is neither a day nor a moment.",
        $"Write {{option:{option.Name}}} as 2026-11-27 or 2026-11-27T12:00:00Z.", Readable.Short(text));

    /// <summary>A search filter without a search tool.</summary>
    internal static NbException NothingToSearch(string option) => Error(
        "Nb.Request.NothingToSearch", NbErrorKind.InvalidArgument,
        $"'{option}' narrows a search, and the request makes none.",
        $"Add {{option:grounding}} web, or leave {{option:{option}}} out.", option);

    /// <summary>One end of a range of time without the other.</summary>
    internal static NbException HalfRange(string missing) => Error(
        "Nb.Request.HalfRange", NbErrorKind.InvalidArgument,
        $"The service takes a range of time with both of its ends; '{missing}' is not set.",
        $"Add {{option:{missing}}}.", missing);

    /// <summary>A range of time that ends before it begins.</summary>
    internal static NbException EmptyRange(string after, string before) => Error(
        "Nb.Request.EmptyRange", NbErrorKind.InvalidArgument,
        $"The range of time that is searched ends ({before}) before it begins ({after}).",
        "Give {option:searchBefore} a later day than {option:searchAfter}.", before);

    /// <summary>A tool that one of the service's APIs does not have.</summary>
    public static NbException ToolNotOnApi(ModelTool tool, string api) => Error(
        "Nb.Request.UnsupportedGrounding", NbErrorKind.InvalidArgument,
        $"The search '{tool.Name}' is not available through the API '{api}'.",
        "Leave {option:grounding} out, or connect through another API.", tool.Name);

    /// <summary>A value that a model does not accept for an option.</summary>
    public static NbException UnsupportedWord(RequestOption option, string word, ModelInfo model)
    {
        IReadOnlyList<string> words = option.WordsOf(model);
        string near = Nearest.To(word, words) is { } name ? $"Did you mean '{name}'? " : "";
        return Error("Nb.Request.UnsupportedOption", NbErrorKind.InvalidArgument,
            words.Count == 0
                ? $"{model.Id} does not take '{option.Name}'."
                : $"{model.Id} has no '{option.Name}' called '{word}'; it has {Listed(words)}.",
            $"{near}Leave {{option:{option.Name}}} out, or choose another {{option:model}}.", word);
    }

    /// <summary>An option that the service does not accept.</summary>
    public static NbException UnsupportedOption(RequestOption option, string service) => Error(
        "Nb.Request.UnsupportedOption", NbErrorKind.InvalidArgument, $"{service} does not take '{option.Name}'.",
        $"Leave {{option:{option.Name}}} out.", option.Name);

    /// <summary>An option that was given without a value.</summary>
    public static NbException EmptyOption(RequestOption option) => Error(
        "Nb.Request.EmptyOption", NbErrorKind.InvalidArgument, $"'{option.Name}' is given, and has no value.",
        $"Leave {{option:{option.Name}}} out, or give it a value.", option.Name);

    /// <summary>A number outside an option's range.</summary>
    public static NbException OutOfRange(RequestOption option, double value, double least, double most) => Error(
        "Nb.Request.OutOfRange", NbErrorKind.InvalidArgument,
        FormattableString.Invariant($"'{option.Name}' is {value}; it may be {least} to {most}."),
        $"Change {{option:{option.Name}}}.", option.Name);

    /// <summary>A request to protect parts of a source image that has no source image.</summary>
    public static NbException NothingToProtect(string prompt) => Error(
        "Nb.Request.NothingToProtect", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(prompt)}' edits no picture, so nothing of it can be kept.",
        "Leave {option:region}, {option:mask}, {option:protect} and {option:maximumDrift} out, or edit a picture.",
            prompt);

    /// <summary>More reference images than the model takes.</summary>
    /// <param name="role">The role whose limit is passed; null for the limit of all together.</param>
    /// <param name="names">The references; those over the limit come last.</param>
    /// <param name="limit">How many the model takes.</param>
    /// <param name="model">The model.</param>
    internal static NbException TooManyReferences(string? role, IReadOnlyList<string> names, int limit, ModelInfo model)
    {
        string what = role is null ? "reference images" : $"reference images of role {role}";
        return Error("Nb.Request.TooManyReferences", NbErrorKind.InvalidArgument,
            $"{names.Count} {what} are more than the {limit} that {model.Id} takes.",
            $"Drop {Listed(Counted(names.Skip(limit)))}, or choose another {{option:model}}.",
            Listed(names.Distinct()));

        static IEnumerable<string> Counted(IEnumerable<string> names) =>
            names.GroupBy(name => name)
                .Select(same => same.Count() == 1 ? same.Key : $"{same.Count()} pictures of {same.Key}");
    }

    /// <summary>A video or a document for a model that does not take it.</summary>
    internal static NbException UnsupportedKind(string kind, string name, ModelInfo model, ModelCatalog catalog)
    {
        string[] others = [.. catalog.Models.Where(one => one.State == "stable" && one.Inputs.Contains(kind))
            .Select(one => one.Id)];
        return Error("Nb.Request.UnsupportedInput", NbErrorKind.InvalidArgument,
            $"'{name}' is a {kind}, which {model.Id} does not take as input.",
            others.Length == 0 ? "Leave it out." : $"Choose another {{option:model}}: {Listed(others)}.", name);
    }

    /// <summary>A video or a document that exceeds the model's limit.</summary>
    internal static NbException InputTooLarge(string name, string why) => Error(
        "Nb.Request.InputTooLarge", NbErrorKind.LimitsExceeded, $"'{name}' is too much: {why}.",
        "Take a shorter or a smaller one.", name);

    /// <summary>A safety setting that cannot be understood.</summary>
    internal static NbException InvalidSafety(string text) => Error(
        "Nb.Request.InvalidSafety", NbErrorKind.InvalidArgument, $"'{text}' is not a safety setting.",
        "Write a threshold for every category (BLOCK_ONLY_HIGH), or CATEGORY=THRESHOLD (HARASSMENT=BLOCK_NONE).", text);

    /// <summary>A word in a safety setting that the service does not know.</summary>
    internal static NbException UnknownSafety(string text, string word, IReadOnlyList<string> words)
    {
        // "none" stands for BLOCK_NONE.
        string? near = words.FirstOrDefault(one => one.EndsWith("_" + word, StringComparison.OrdinalIgnoreCase))
            ?? Nearest.To(word, words);
        return Error("Nb.Request.InvalidSafety", NbErrorKind.InvalidArgument,
            $"'{text}' is not a safety setting{(word == text ? "" : $": there is no '{word}'")}. There are {Listed(words)}.",
            $"{(near is null ? "" : $"Did you mean {near}? ")}Nothing was sent. A catalog file can add words that are new.",
            text);
    }

    /// <summary>A name with an invalid wildcard pattern.</summary>
    public static NbException InvalidPattern(string name, Exception inner) => Error(
        "Nb.Request.InvalidPattern", NbErrorKind.InvalidArgument, $"'{name}' is not a valid wildcard pattern.",
        "Close every [ with a ], or write `[ for the character itself.", name, inner);

    /// <summary>A request that exceeds the service's limit even with uploads.</summary>
    /// <param name="bytes">Bytes that can only go inside the request.</param>
    /// <param name="limit">What the service takes.</param>
    public static NbException TooLarge(long bytes, long limit) => Error(
        "Nb.Request.TooLarge", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant(
            $"The request would be {bytes / 1_000_000} MB; the service takes {limit / 1_000_000} MB."),
        "Give fewer or smaller pictures. For a long conversation: start a new one from the picture with {option:rebase}, or keep only the last turns with {option:maxHistory} 4.");

    /// <summary>A wording file that cannot be used.</summary>
    internal static NbException CompositionInvalid(string path, Exception inner) => Error(
        "Nb.Composition.Invalid", NbErrorKind.ParserError, $"'{path}' is not a prompt composition: {inner.Message}",
        "It is a JSON object with what differs from the built-in wording. {way:seeOverlays}.",
            path, inner);
}
