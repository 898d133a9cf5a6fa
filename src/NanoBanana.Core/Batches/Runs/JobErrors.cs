using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Batches.Runs;

/// <summary>What can go wrong with a job at the service.</summary>
public static class JobErrors
{
    /// <summary>A job that did not succeed.</summary>
    /// <param name="job">Its name at the service.</param>
    /// <param name="state">EXPIRED, CANCELLED, FAILED, ...</param>
    /// <param name="error">The service's own words; null when it gave none.</param>
    public static NbException Ended(string job, string state, NbException? error) => new(
        state switch { "EXPIRED" => "Nb.Batch.JobExpired", "CANCELLED" => "Nb.Batch.JobCancelled", _ => "Nb.Batch.JobFailed" },
        NbErrorKind.ResourceUnavailable,
        $"The job {job} ended as {state}{(error is null ? "." : $": {error.Message}")}",
        "There is no result for this item, and what has no result is not billed. Run the batch again to resubmit it.", error) { Target = job };

    /// <summary>A job that succeeded without a line for an item.</summary>
    public static NbException ResultMissing(string item, string job) => new(
        "Nb.Batch.ResultMissing", NbErrorKind.InvalidResult, $"The results of the job {job} have no line for '{item}': it may have been billed.",
        $"Check your usage or bill; {BatchErrors.ResendUncertain}") { Target = item, IsUncertain = true };

    /// <summary>A job or its results that the service no longer has.</summary>
    public static NbException Gone(string item, string job, NbException inner) => new(
        "Nb.Batch.JobGone", NbErrorKind.ObjectNotFound,
        $"The service no longer has the job {job} or its results: '{item}' may have been billed. {inner.Message}",
        $"Results are kept for 48 hours. {BatchErrors.ResendUncertain}", inner) { Target = item, IsUncertain = true };
}
