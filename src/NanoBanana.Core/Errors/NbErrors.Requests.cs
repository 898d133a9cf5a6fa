using NanoBanana.Images;
using NanoBanana.Models;

namespace NanoBanana;

public static partial class NbErrors
{
    /// <summary>A prompt of nothing but white space.</summary>
    public static NbException EmptyPrompt() => Error(
        "Nb.Request.EmptyPrompt", NbErrorKind.InvalidArgument, "The prompt is empty.", "Describe the picture in a sentence.");

    /// <summary>The path of a picture where the words should stand: two arguments in the wrong order.</summary>
    public static NbException InstructionIsPath(string instruction) => Error(
        "Nb.Request.InstructionIsPath", NbErrorKind.InvalidArgument, $"'{instruction}' is a picture, not an instruction.",
        $"The words come first: Invoke-NbEdit 'add a hat' {instruction}", instruction);

    /// <summary>A file where prompts or rows should stand.</summary>
    public static NbException PromptIsPath(string path) => Error(
        "Nb.Request.PromptIsPath", NbErrorKind.InvalidArgument, $"'{path}' is a {(Directory.Exists(path) ? "folder" : "file")}, not a prompt.",
        ImageFolder.HasImageExtension(path)
            ? "To change the picture: Invoke-NbEdit 'add a hat' -Path ...; to draw with it to look at: New-NbImage 'a prompt' -Reference ..."
            : "Read a list of prompts with Get-Content, and a table with Import-Csv; a manifest (JSON or JSON lines) is for Start-NbBatch, alone.",
        path);

    /// <summary>A model that the service has switched off.</summary>
    public static NbException RetiredModel(ModelInfo model)
    {
        string gone = model.Retirement?.Shutdown is { } day ? FormattableString.Invariant($" on {day:yyyy-MM-dd}") : "";
        string advice = model.Retirement?.Replacement is { } next ? $"Use -Model {next}." : "Get-NbModel lists the models.";
        return Error("Nb.Request.RetiredModel", NbErrorKind.InvalidArgument,
            $"The model {model.Id} was switched off{gone}.{(model.Retirement?.Replacement is { } r ? $" Its replacement is {r}." : "")}", advice, model.Id);
    }

    /// <summary>A model that is not in the catalogue, where only the catalogue is asked.</summary>
    public static NbException UnknownModel(string name) => Error(
        "Nb.Model.Unknown", NbErrorKind.ObjectNotFound, $"There is no model '{name}' in the catalogue.",
        "Get-NbModel lists the models. New-NbImage -Model also takes ids that are not in the catalogue.", name);

    /// <summary>A size the model does not make.</summary>
    public static NbException UnsupportedSize(string size, ModelInfo model) => Error(
        "Nb.Request.UnsupportedSize", NbErrorKind.InvalidArgument,
        $"{model.Id} has no size '{size}'. Its sizes are {Listed(model.Sizes)}.", $"Use -Size {model.DefaultSize}, or another -Model.", size);

    /// <summary>An aspect ratio the model does not make.</summary>
    public static NbException UnsupportedRatio(string ratio, ModelInfo model) => Error(
        "Nb.Request.UnsupportedRatio", NbErrorKind.InvalidArgument,
        $"{model.Id} has no aspect ratio '{ratio}'; its ratios are {Listed(model.Ratios)}.",
        "Choose one of those, or another -Model.", ratio);

    /// <summary>A thinking level the model does not take.</summary>
    public static NbException UnsupportedThinkingLevel(string level, ModelInfo model) => Error(
        "Nb.Request.UnsupportedThinkingLevel", NbErrorKind.InvalidArgument,
        model.Thinking.Levels.Count == 0
            ? $"{model.Id} takes no thinking level{(model.Thinking.Always ? ": it always thinks" : "")}."
            : $"{model.Id} has no thinking level '{level}'; its levels are {Listed(model.Thinking.Levels)}.",
        "Leave -ThinkingLevel out, or choose another -Model.", level);

    /// <summary>A search the model cannot do.</summary>
    public static NbException UnsupportedGrounding(string grounding, ModelInfo model) => Error(
        "Nb.Request.UnsupportedGrounding", NbErrorKind.InvalidArgument,
        model.Grounding.Count == 0
            ? $"{model.Id} cannot search."
            : $"{model.Id} has no search '{grounding}'; it has {Listed(model.Grounding)}.",
        "Leave -Grounding out, or choose another -Model.", grounding);

    /// <summary>More reference images than the model takes.</summary>
    /// <param name="role">The role whose limit is passed; null for the limit of all together.</param>
    /// <param name="names">The references, those over the limit last.</param>
    /// <param name="limit">How many the model takes.</param>
    /// <param name="model">The model.</param>
    public static NbException TooManyReferences(string? role, IReadOnlyList<string> names, int limit, ModelInfo model)
    {
        string what = role is null ? "reference images" : $"reference images of role {role}";
        return Error("Nb.Request.TooManyReferences", NbErrorKind.InvalidArgument,
            $"{names.Count} {what} are more than the {limit} that {model.Id} takes.",
            $"Drop {Listed(Counted(names.Skip(limit)))}, or choose another -Model.", Listed(names.Distinct()));

        static IEnumerable<string> Counted(IEnumerable<string> names) =>
            names.GroupBy(name => name).Select(same => same.Count() == 1 ? same.Key : $"{same.Count()} pictures of {same.Key}");
    }

    /// <summary>A picture in a format that the service does not take as input.</summary>
    public static NbException UnsupportedInput(string name, string mimeType) => Error(
        "Nb.Request.UnsupportedInput", NbErrorKind.InvalidArgument,
        $"'{name}' is {mimeType}; the service takes png, jpeg, webp, heic and heif.", "Convert it first.", name);

    /// <summary>A safety setting that cannot be understood.</summary>
    public static NbException InvalidSafety(string text) => Error(
        "Nb.Request.InvalidSafety", NbErrorKind.InvalidArgument, $"'{text}' is not a safety setting.",
        "Write a threshold for every category (BLOCK_ONLY_HIGH), or CATEGORY=THRESHOLD (HARASSMENT=BLOCK_NONE).", text);

    /// <summary>A name whose wildcards are broken.</summary>
    public static NbException InvalidPattern(string name, Exception inner) => Error(
        "Nb.Request.InvalidPattern", NbErrorKind.InvalidArgument, $"'{name}' is not a valid wildcard pattern.",
        "Close every [ with a ], or write `[ for the character itself.", name, inner);

    /// <summary>An image whose history is asked for and that has none.</summary>
    public static NbException NoConversation(string image) => Error(
        "Nb.Conversation.None", NbErrorKind.InvalidArgument, $"'{image}' has no conversation: it was not made here, or its sidecar (.nb.json) is missing.",
        "Edit the picture itself, without -From; or copy the sidecar and the .nb folder along with it.", image);

    /// <summary>A turn that no branch can start from.</summary>
    /// <param name="index">The turn asked for.</param>
    /// <param name="count">How many turns there are.</param>
    /// <param name="possible">Those with an image of the model's.</param>
    public static NbException NoImageAtTurn(int index, int count, IEnumerable<int> possible) => Error(
        "Nb.Conversation.NoImageAtTurn", NbErrorKind.ObjectNotFound,
        $"Turn {index} of {count} has no image made by the model. Turns that have one: {Listed(possible.Select(turn => $"{turn}"))}.",
        "Choose one of those. Get-NbHistory shows the turns.", FormattableString.Invariant($"{index}"));

    /// <summary>A request that passes the service's limit whatever is uploaded.</summary>
    /// <param name="bytes">Bytes that can only go inside the request.</param>
    /// <param name="limit">What the service takes.</param>
    public static NbException RequestTooLarge(long bytes, long limit) => Error(
        "Nb.Request.TooLarge", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant($"The request would be {bytes / 1_000_000} MB; the service takes {limit / 1_000_000} MB."),
        "Give fewer or smaller pictures. For a long conversation: start a new one from the picture with -Rebase, or keep only the last turns with -MaxHistory 4.");

    /// <summary>A catalogue file that cannot be used.</summary>
    public static NbException CatalogueInvalid(string path, Exception inner) => Error(
        "Nb.Catalogue.Invalid", NbErrorKind.ParserError, $"'{path}' is not a model catalogue: {inner.Message}",
        "It is a JSON object with \"models\", a list: each has its \"id\" and what differs. Get-Help Connect-NbService -Examples shows one.", path, inner);

    /// <summary>A call that would spend more than was allowed.</summary>
    /// <param name="limit">USD allowed.</param>
    /// <param name="committed">USD spent or reserved by calls in progress.</param>
    /// <param name="estimate">USD the call is expected to cost.</param>
    public static NbException BudgetExceeded(decimal limit, decimal committed, decimal estimate) => Error(
        "Nb.Budget.Exceeded", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant($"The next call (up to ${estimate:0.0000}, its thoughts included) would pass the limit of ${limit:0.00##}: ${committed:0.0000} is already spent or reserved by calls in progress."),
        "Raise -MaxCost, or run the rest later.");
}
