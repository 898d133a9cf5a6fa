using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Batches.Ledgers;

/// <summary>Errors of a batch and its items.</summary>
public static class BatchErrors
{
    internal const string ResendUncertain = "{option:resendUncertain}" + SendsAgain;

    private const string SendsAgain = " sends it again.";

    /// <summary>Another process works on the destination.</summary>
    internal static NbException Locked(string destination, Exception? inner = null) => Error(
        "Nb.Batch.Locked", NbErrorKind.ResourceExists,
            $"The batch in '{destination}' is being worked on already, by this session or by another process.",
        "Wait until it ends ({command:waitBatch}), or stop it ({command:stopBatch}). To share the work among machines, give each a shard.",
            destination, inner);

    /// <summary>A name of an item that the manifest does not have.</summary>
    internal static NbException NoSuchItem(string only, IReadOnlyCollection<string> names) => Error(
        "Nb.Batch.NoSuchItem", NbErrorKind.ObjectNotFound,
        $"'{Readable.Short(only)}' names no item of the manifest.",
        $"{(Nearest.To(only, names) is { } near ? $"Did you mean '{near}'? " : "")}Nothing was sent. The manifest has {Named(names)}.",
        only);

    private static string Named(IReadOnlyCollection<string> names) => names.Count <= 6 ? Listed(names)
        : FormattableString.Invariant($"{names.Count} items: {Listed(names.Take(5))} ...");

    /// <summary>A text that is not an age.</summary>
    internal static NbException AgeInvalid(string text) => Error(
        "Nb.Batch.AgeInvalid", NbErrorKind.InvalidArgument, $"'{Readable.Short(text)}' is not an age.",
        "Give minutes, hours, days or weeks: 30m, 12h, 7d, 2w.", text);

    /// <summary>An edition or an age, given without asking for stale items.</summary>
    public static NbException OnlyWithStale() => Error(
        "Nb.Batch.OnlyWithStale", NbErrorKind.InvalidArgument,
        "An edition or an age changes nothing here: it says which pictures are stale, and those were not asked for.",
        "Ask for what is stale as well, or leave the edition and the age out.");

    /// <summary>Matrix values without a manifest whose items they apply to.</summary>
    public static NbException VaryWithoutManifest() => Error(
        "Nb.Batch.VaryWithoutManifest", NbErrorKind.InvalidArgument,
        "There is no manifest whose items could be varied: the batch that the folder holds stays as it is.",
        "Nothing was sent. Give the manifest as well, or leave the values out.");

    /// <summary>A folder without a batch.</summary>
    public static NbException NotFound(string destination) => Error(
        "Nb.Batch.NotFound", NbErrorKind.ObjectNotFound, $"There is no batch in '{destination}': it has no batch.json.",
        "Check the path; to start a batch there, give a manifest as well.", destination);

    /// <summary>A ledger that a newer version wrote.</summary>
    internal static NbException LedgerNewer(string path, int version) => Error(
        "Nb.Batch.LedgerNewer", NbErrorKind.ParserError,
        $"'{path}' was written by a newer version of this module (format {version}).", "Update the module.", path);

    /// <summary>A ledger that cannot be written: nothing may be sent without a record.</summary>
    internal static NbException LedgerUnwritable(string path, Exception inner) => Error(
        "Nb.Batch.LedgerUnwritable", NbErrorKind.WriteError, $"'{path}' cannot be written: {inner.Message}",
        "Check free space and permissions of the folder, then run again: the batch continues.", path, inner);

    /// <summary>An item that had been sent when its process ended.</summary>
    internal static NbException Uncertain(string item, DateTimeOffset since) => new(
        "Nb.Batch.Uncertain", NbErrorKind.ConnectionError,
        $"'{item}' was sent at {since:u} and no answer is on record: it may have been billed.",
        $"Check your usage or bill; {ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>An item whose picture was paid for and is damaged.</summary>
    internal static NbException PictureDamaged(string item, string path) => new(
        "Nb.Batch.PictureDamaged", NbErrorKind.InvalidResult,
        $"The picture '{path}' of '{item}' was paid for and is damaged: it is empty, cut off, unreadable or leads out of the folder.",
        $"Restore it from a copy. {ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>An item whose picture was saved in this run and is missing at its end.</summary>
    public static NbException PictureVanished(string item, string path) => new(
        "Nb.Batch.PictureVanished", NbErrorKind.WriteError,
        $"The picture '{path}' of '{item}' was paid for and saved, and is not there any more: it was deleted or moved while the batch ran.",
        $"Put it back where it was. {ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>An item that may have been billed before and was not sent again.</summary>
    internal static NbException UncertainBefore(string id, NbErrorKind kind, string message, string advice,
        string item) => new(
        id, kind, message, advice.Contains(SendsAgain, StringComparison.Ordinal) ? advice
            : $"{advice} {ResendUncertain}".TrimStart())
    {
        Target = item,
        IsUncertain = true,
    };

    /// <summary>An item whose picture was paid for and could not be saved.</summary>
    internal static NbException Unsaved(string item, NbException refusal, decimal? cost) =>
        new(refusal.ErrorId, refusal.Kind, refusal.Message,
        "Check free space and permissions of the folder, then run the batch again: a picture that was saved elsewhere is put in its place.",
            refusal)
    {
        Target = item,
        IsUncertain = true,
        Cost = cost,
    };

    /// <summary>A shard that is not K/N.</summary>
    public static NbException ShardInvalid(string text, Exception inner) => Error(
        "Nb.Batch.ShardInvalid", NbErrorKind.InvalidArgument, inner.Message,
            "Write this machine's number and how many there are: 2/8.", text, inner);

    /// <summary>An item whose source is missing.</summary>
    internal static NbException Blocked(string item, string source, string why) => Error(
        "Nb.Batch.Blocked", NbErrorKind.InvalidResult, $"'{item}' is made from '{source}', {why}.",
        $"Fix '{source}' first, then run the batch again.", item);

    /// <summary>An item that failed before and was not tried again.</summary>
    internal static NbException FailedBefore(string id, NbErrorKind kind, string message, string advice, string item) =>
        Error(
        id, kind, message, $"{advice} {{option:retryFailed}} tries it again unchanged.".TrimStart(), item);

    /// <summary>An item that was not sent because the batch had to stop.</summary>
    internal static NbException Stopped(string item, NbException why) =>
        Reworded(why, $"'{item}' was not sent because the batch had to stop: {why.Message}", item);

    /// <summary>A text that is not an address for a webhook.</summary>
    internal static NbException InvalidWebhook(string address) => Error(
        "Nb.Batch.InvalidWebhook", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(address)}' is not an address that the service can tell when a job has ended.",
        "Give an https address.", Readable.Short(address));

    /// <summary>Items that were not sent because the batch had to stop.</summary>
    internal static NbException HeldBack(int count, NbException why)
    {
        string items = count == 1 ? "item was" : "items were";
        return Reworded(why, FormattableString.Invariant(
            $"{count} {items} not sent because the batch had to stop: {why.Message}"));
    }
}
