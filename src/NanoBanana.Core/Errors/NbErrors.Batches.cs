using NanoBanana.Batches;

namespace NanoBanana;

public static partial class NbErrors
{
    private const string ResendUncertain = "-ResendUncertain sends it again.";

    /// <summary>A manifest that is no JSON.</summary>
    internal static NbException ManifestInvalidJson(string path, TextPosition position, Exception inner)
    {
        // The parser's own words end with its own count of lines, which begins with 0.
        string words = inner.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
        return Error("Nb.Manifest.InvalidJson", NbErrorKind.ParserError,
            $"'{path}' is not valid JSON at {position}: {words}", "Correct the manifest there.", path, inner);
    }

    /// <summary>A manifest without items.</summary>
    internal static NbException ManifestEmpty(string? source) => Error(
        "Nb.Manifest.Empty", NbErrorKind.InvalidArgument, $"{Place(source, null)}The manifest has no items.",
        """Give at least one: {"items":[{"name":"fox","prompt":"a fox in the snow"}]}""");

    /// <summary>A value of the wrong sort.</summary>
    internal static NbException ManifestWrongType(string place, string what, string expected) => Error(
        "Nb.Manifest.WrongType", NbErrorKind.InvalidArgument, $"{place}{what} must be {expected}.", "Correct the manifest there.");

    /// <summary>A field that must be there.</summary>
    internal static NbException ManifestMissingField(string place, string subject, string field) => Error(
        "Nb.Manifest.MissingField", NbErrorKind.InvalidArgument, $"{place}{subject} has no '{field}'.",
        "An item has a name and either a prompt, or from and edit; an anchor has a name and a path.");

    /// <summary>A property that nobody knows and that was almost certainly meant for another: the picture would be made without it.</summary>
    internal static NbException ManifestMisspelledProperty(string place, string subject, string typed, string meant, string often) => Error(
        "Nb.Manifest.MisspelledProperty", NbErrorKind.InvalidArgument, $"{place}{subject} has an unknown property '{typed}'. Did you mean '{meant}'?{often}",
        $"Rename it to '{meant}', or leave it out (Select-Object * -ExcludeProperty '{typed}'). Nothing was sent.");

    /// <summary>A property that stands there twice, perhaps under two names.</summary>
    internal static NbException ManifestDuplicateProperty(string place, string subject, string property) => Error(
        "Nb.Manifest.DuplicateProperty", NbErrorKind.InvalidArgument, $"{place}{subject} says twice what its '{property}' is.", "Leave one out.");

    /// <summary>An item that is both a new picture and an edit.</summary>
    internal static NbException ManifestAmbiguousItem(string place, string subject) => Error(
        "Nb.Manifest.AmbiguousItem", NbErrorKind.InvalidArgument, $"{place}{subject} has a prompt and also from or edit.",
        "Give either a prompt (a new picture), or from and edit (a change to another).");

    /// <summary>Two of one name.</summary>
    internal static NbException ManifestDuplicateName(string place, string what, string name, TextPosition? first) => Error(
        "Nb.Manifest.DuplicateName", NbErrorKind.InvalidArgument,
        $"{place}There are two {what}s called '{name}'{(first is { } at ? $"; the first stands at {at}" : "")}.", "Rename one of them.", name);

    /// <summary>Two items that would become one file.</summary>
    internal static NbException ManifestSameFile(string place, string first, string second, string file) => Error(
        "Nb.Manifest.SameFile", NbErrorKind.InvalidArgument,
        $"{place}The items '{first}' and '{second}' would both become the file '{file}' (case makes no difference on Windows and macOS).",
        "Rename one of them, or give it another outFile.", second);

    /// <summary>An item made from an item that is not there.</summary>
    internal static NbException ManifestMissingSource(string place, string item, string source, string? nearest) => Error(
        "Nb.Manifest.MissingSource", NbErrorKind.ObjectNotFound,
        $"{place}The item '{item}' is made from '{source}', which is neither an item of the manifest nor a file."
        + (nearest is null ? "" : $" Did you mean '{nearest}'?"),
        "Correct 'from', or add the item.", item);

    /// <summary>Items that are made from each other.</summary>
    internal static NbException ManifestCycle(string place, IReadOnlyList<string> cycle) => Error(
        "Nb.Manifest.Cycle", NbErrorKind.InvalidArgument,
        $"{place}The items are made from each other in a circle: {string.Join(" <- ", cycle)}.", "Give one of them a prompt of its own.", cycle[0]);

    /// <summary>A name that cannot be the name of a file everywhere.</summary>
    internal static NbException ManifestInvalidName(string place, string name, string why) => Error(
        "Nb.Manifest.InvalidName", NbErrorKind.InvalidArgument, $"{place}'{name}' cannot be the name of a file on every system: {why}.",
        "Choose another name, or give the item an outFile.", name);

    /// <summary>A path that leaves the destination.</summary>
    internal static NbException ManifestPathEscapes(string place, string item, string path) => Error(
        "Nb.Manifest.PathEscapes", NbErrorKind.InvalidArgument, $"{place}The outFile '{path}' of the item '{item}' leads outside the destination folder.",
        "Give a path inside it, such as hero/wide.jpg.", item);

    /// <summary>A mistake in what an item asks for, with the place where the item stands.</summary>
    internal static NbException ManifestItem(string place, string item, NbException inner) => new(
        inner.ErrorId, inner.Kind, $"{place}The item '{item}': {inner.Message}", inner.Advice, inner) { Target = item };

    /// <summary>Throws one mistake as itself, several as one error that tells them all.</summary>
    /// <param name="problems">One <see cref="NbException"/> for each.</param>
    /// <param name="source">Name of the manifest's file; null when there is none.</param>
    internal static void ThrowTogether(IReadOnlyCollection<NbException> problems, string? source)
    {
        if (problems.Count == 1) throw problems.First();
        if (problems.Count > 1)
        {
            throw Error("Nb.Manifest.Invalid", NbErrorKind.InvalidArgument,
                $"{source ?? "The manifest"} has {problems.Count} mistakes:\n"
                + string.Join('\n', problems.Select(problem => $"- {problem.Message} [{problem.ErrorId}]")),
                "Correct them; nothing was sent.", source, new AggregateException(problems));
        }
    }

    /// <summary>Where a mistake is, as the beginning of its sentence.</summary>
    internal static string Place(string? source, TextPosition? position) => (source, position) switch
    {
        (null, null) => "",
        (null, { } row) => $"{char.ToUpperInvariant(row.ToString()[0])}{row.ToString()[1..]}: ",
        (_, null) => $"{source}: ",
        _ => $"{source}, {position}: ",
    };

    /// <summary>Another process works on the destination.</summary>
    public static NbException BatchLocked(string destination, Exception? inner = null) => Error(
        "Nb.Batch.Locked", NbErrorKind.ResourceExists, $"The batch in '{destination}' is being worked on already, by this session or by another process.",
        "Wait until it ends (Wait-NbBatch), or stop it (Stop-NbBatch). To share the work among machines, give each a shard.", destination, inner);

    /// <summary>A folder without a batch.</summary>
    public static NbException BatchNotFound(string destination) => Error(
        "Nb.Batch.NotFound", NbErrorKind.ObjectNotFound, $"There is no batch in '{destination}': it has no batch.json.",
        "Check the path; to start a batch there, give a manifest as well.", destination);

    /// <summary>A ledger that a newer version wrote.</summary>
    public static NbException LedgerNewer(string path, int version) => Error(
        "Nb.Batch.LedgerNewer", NbErrorKind.ParserError,
        $"'{path}' was written by a newer version of this module (format {version}).", "Update the module.", path);

    /// <summary>A ledger that cannot be written: nothing may be sent that is not on record.</summary>
    public static NbException LedgerUnwritable(string path, Exception inner) => Error(
        "Nb.Batch.LedgerUnwritable", NbErrorKind.WriteError, $"'{path}' cannot be written: {inner.Message}",
        "Check free space and permissions of the folder, then run again: the batch continues.", path, inner);

    /// <summary>An item that had been sent when its process ended.</summary>
    public static NbException BatchUncertain(string item, DateTimeOffset since) => new(
        "Nb.Batch.Uncertain", NbErrorKind.ConnectionError,
        $"'{item}' was sent at {since:u} and no answer is on record: it may have been billed.",
        $"Check your usage or bill; {ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>An item that may have been billed before and was not sent again.</summary>
    public static NbException BatchUncertainBefore(string id, NbErrorKind kind, string message, string advice, string item) => new(
        id, kind, message, advice.Contains(ResendUncertain, StringComparison.Ordinal) ? advice : $"{advice} {ResendUncertain}".TrimStart())
    {
        Target = item,
        IsUncertain = true,
    };

    /// <summary>An item whose picture was paid for and that the folder refused.</summary>
    internal static NbException BatchUnsaved(string item, NbException refusal, decimal? cost) => new(refusal.ErrorId, refusal.Kind, refusal.Message,
        "Check free space and permissions of the folder, then run the batch again: a picture that was saved elsewhere is put in its place.", refusal)
    {
        Target = item,
        IsUncertain = true,
        Cost = cost,
    };

    /// <summary>A shard that is not K/N.</summary>
    public static NbException BatchShardInvalid(string text, Exception inner) => Error(
        "Nb.Batch.ShardInvalid", NbErrorKind.InvalidArgument, inner.Message, "Write this machine's number and how many there are: 2/8.", text, inner);

    /// <summary>An item whose source is not there.</summary>
    public static NbException BatchBlocked(string item, string source, string why) => Error(
        "Nb.Batch.Blocked", NbErrorKind.InvalidResult, $"'{item}' is made from '{source}', {why}.",
        $"Fix '{source}' first, then run the batch again.", item);

    /// <summary>An item that failed before and was not tried again.</summary>
    public static NbException BatchFailedBefore(string id, NbErrorKind kind, string message, string advice, string item) => Error(
        id, kind, message, $"{advice} -RetryFailed tries it again unchanged.".TrimStart(), item);

    /// <summary>A job that did not succeed.</summary>
    /// <param name="job">Its name at the service.</param>
    /// <param name="state">EXPIRED, CANCELLED, FAILED, ...</param>
    /// <param name="error">The service's own words; null when it gave none.</param>
    public static NbException JobEnded(string job, string state, NbException? error) => new(
        state switch { "EXPIRED" => "Nb.Batch.JobExpired", "CANCELLED" => "Nb.Batch.JobCancelled", _ => "Nb.Batch.JobFailed" },
        NbErrorKind.ResourceUnavailable,
        $"The job {job} ended as {state}{(error is null ? "." : $": {error.Message}")}",
        "There is no result for this item, and what has no result is not billed. Run the batch again to resubmit it.", error) { Target = job };

    /// <summary>A job that succeeded without a line for an item.</summary>
    public static NbException JobResultMissing(string item, string job) => new(
        "Nb.Batch.ResultMissing", NbErrorKind.InvalidResult, $"The results of the job {job} have no line for '{item}': it may have been billed.",
        $"Check your usage or bill; {ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>A job or its results that the service no longer has.</summary>
    public static NbException JobGone(string item, string job, NbException inner) => new(
        "Nb.Batch.JobGone", NbErrorKind.ObjectNotFound,
        $"The service no longer has the job {job} or its results: '{item}' may have been billed. {inner.Message}",
        $"Results are kept for 48 hours. {ResendUncertain}", inner) { Target = item, IsUncertain = true };

    /// <summary>An item that was not sent because the batch had to stop.</summary>
    internal static NbException BatchStopped(string item, NbException why) =>
        Reworded(why, $"'{item}' was not sent because the batch had to stop: {why.Message}", item);

    /// <summary>Items that were not sent because the batch had to stop.</summary>
    internal static NbException BatchHeldBack(int count, NbException why) => Reworded(
        why, FormattableString.Invariant($"{count} {(count == 1 ? "item was" : "items were")} not sent because the batch had to stop: {why.Message}"));

    /// <summary>An item that would not fit into what may be spent.</summary>
    public static NbException BudgetExceeded(string item, decimal needed, decimal spent, decimal limit) => Error(
        "Nb.Budget.Exceeded", NbErrorKind.LimitsExceeded,
        FormattableString.Invariant($"'{item}' may cost up to ${needed:0.####}, which with the ${spent:0.####} spent would pass the limit of ${limit:0.####}."),
        "It was not sent. Raise -MaxCost and run again: finished items are not made again.", item);

    /// <summary>An item whose price nobody knows, while there is a limit.</summary>
    public static NbException BudgetUnknownPrice(string item, string model) => Error(
        "Nb.Budget.UnknownPrice", NbErrorKind.LimitsExceeded,
        $"'{item}' was not sent: the price of {model} is unknown, so the limit cannot be kept.",
        "Add the model's prices to a catalogue file (-CatalogPath), or leave -MaxCost out.", item);
}
