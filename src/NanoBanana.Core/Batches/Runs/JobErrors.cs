using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Batches.Runs;

/// <summary>Errors of a job at the service.</summary>
internal static class JobErrors
{
    /// <summary>A job that did not succeed.</summary>
    /// <param name="job">Its name at the service.</param>
    /// <param name="state">EXPIRED, CANCELLED, FAILED, ...</param>
    /// <param name="error">The service's message; null for none.</param>
    public static NbException Ended(string job, string state, NbException? error) => new(
        state switch { "EXPIRED" => "Nb.Batch.JobExpired", "CANCELLED" => "Nb.Batch.JobCanceled", _ =>
            "Nb.Batch.JobFailed" },
        NbErrorKind.ResourceUnavailable,
        $"The job {job} ended as {state}{(error is null ? "." : $": {error.Message}")}",
        "There is no result for this item, and what has no result is not billed. Run the batch again to resubmit it.",
            error) { Target = job };

    /// <summary>A job that ended long ago without a line for an item.</summary>
    public static NbException ResultMissing(string item, string job) => new(
        "Nb.Batch.ResultMissing", NbErrorKind.InvalidResult,
            $"The results of the job {job} have no line for '{item}': it may have been billed.",
        $"Check your usage or bill; {BatchErrors.ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>Results that do not say which item each belongs to.</summary>
    /// <param name="item">The item.</param>
    /// <param name="job">The job's name at the service.</param>
    /// <param name="candidates">Names of all items that lack a result.</param>
    /// <param name="files">File names of the pictures that belong to them; empty when there was none.</param>
    public static NbException ResultUnassigned(string item, string job,
        IReadOnlyList<string> candidates, IReadOnlyList<string> files) => new(
        "Nb.Batch.ResultUnassigned", NbErrorKind.InvalidResult,
        $"The results of the job {job} do not name their items. '{item}' is one of: {Listed(candidates)}."
            + (files.Count == 0 ? "" : $" Their pictures, paid for, are kept as {Listed(files)}."),
        $"Look at the pictures and keep what you need; {BatchErrors.ResendUncertain}") { Target = item,
            IsUncertain = true };

    /// <summary>A result that could not be read.</summary>
    /// <param name="item">The item.</param>
    /// <param name="job">The job's name at the service.</param>
    /// <param name="file">Full path of the saved line; null when it could not be saved.</param>
    /// <param name="inner">What is wrong with it.</param>
    public static NbException ResultUnreadable(string item, string job, string? file, Exception inner) => new(
        "Nb.Batch.ResultUnreadable", NbErrorKind.ParserError,
        $"The result of the job {job} for '{item}' cannot be understood: {inner.Message}"
            + (file is null ? "" : $" It is kept in {file}."),
        $"It was probably billed. {BatchErrors.ResendUncertain}", inner) { Target = item, IsUncertain = true };

    /// <summary>A job or its results that the service no longer has.</summary>
    public static NbException Gone(string item, string job, NbException inner) => new(
        "Nb.Batch.JobGone", NbErrorKind.ObjectNotFound,
        $"The service no longer has the job {job} or its results: '{item}' may have been billed. {inner.Message}",
        $"Results are kept for 48 hours. {BatchErrors.ResendUncertain}", inner) { Target = item, IsUncertain = true };

    /// <summary>Jobs of the real service in a folder that is opened with the built-in emulator.</summary>
    public static NbException OfflineWithRealJobs(string destination, int jobs) => new(
        "Nb.Batch.OfflineWithRealJobs", NbErrorKind.InvalidArgument,
        $"'{destination}' waits for {jobs} job{(jobs == 1 ? "" : "s")} of the real service, whose results are paid for. The emulator does not have them.",
        "Connect to the service as before, or rehearse in another folder.") { Target = destination };

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10).Select(name => $"'{name}'"))
            + (names.Count > 10 ? $" and {names.Count - 10} more" : "");
}
