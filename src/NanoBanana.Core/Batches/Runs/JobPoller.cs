using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;

namespace NanoBanana.Batches.Runs;

/// <summary>The second stage of a job: it is polled, found again when its name was lost, and canceled on
/// request.</summary>
internal sealed class JobPoller(BatchRun run, OpenJobs openJobs)
{
    // How often, and for how long at least, to search for a job whose creation got no answer: the list may show it
    // late.
    private const int MostLooks = 6;

    private static readonly TimeSpan LeastDoubt = TimeSpan.FromMinutes(1);

    private readonly GeminiClient _client = run.Service.Client;
    private readonly HashSet<string> _canceled = new(StringComparer.Ordinal);

    private TimeProvider Time => run.Options.TimeProvider;

    /// <summary>Whether a job must still be canceled.</summary>
    public bool MustCancel =>
        run.StopReason is { CancelsJobs: true }
        && openJobs.Open.Any(job => job.Name is not null && !_canceled.Contains(job.Id));

    /// <summary>Polls a job; null while it is unknown whether it was started.</summary>
    public async Task<GeminiJob?> AskAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (job.Name is null)
        {
            string? name = await FindAsync(job, cancellationToken).ConfigureAwait(false);
            JobRecord looked = job with { Name = name, Looks = job.Looks + 1 };
            if (name is null && looked.Looks >= MostLooks && IsOld(job))
            {
                // Otherwise a job that was never started would be searched for forever.
                foreach (BatchNode node in openJobs.OpenNodes(job))
                {
                    openJobs.MarkLost(node, BatchErrors.Uncertain(node.Name, job.CreatedAt));
                }
                openJobs.Close(job);
                return null;
            }
            openJobs.Store.Write(looked);
            openJobs.Open[openJobs.Open.FindIndex(open => open.Id == job.Id)] = job = looked;
            if (name is null) return null;
        }
        if (run.StopReason is { CancelsJobs: true } && _canceled.Add(job.Id))
        {
            await CancelAsync(job.Name!, cancellationToken).ConfigureAwait(false);
        }
        return await _client.GetBatchAsync(job.Name!, cancellationToken).ConfigureAwait(false);
    }

    // The job's time is in the future because the clock was set back, so its age is unknown.
    private bool IsOld(JobRecord job) =>
        Time.GetUtcNow() - job.CreatedAt is var age && (age >= LeastDoubt || age < TimeSpan.Zero);

    private async Task<string?> FindAsync(JobRecord job, CancellationToken cancellationToken)
    {
        await foreach (GeminiJob known in _client.ListBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (known.DisplayName == job.Id) return known.Name;
        }
        return null;
    }

    private async Task CancelAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CancelBatchAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException e) when (!e.IsAccountWide)
        {
            // It may have just ended. If it is still running, it is waited for as if it had not been canceled.
        }
    }
}
