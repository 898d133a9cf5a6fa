using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;

namespace NanoBanana.Batches.Runs;

/// <summary>The second part of a job's life: it is asked for, found again when its name was lost, and canceled when
/// somebody wants it.</summary>
internal sealed class JobPoller(BatchRun run, OpenJobs openJobs)
{
    // How often, and how long at least, a job whose creation got no answer is looked for: it may be listed late.
    private const int MostLooks = 6;

    private static readonly TimeSpan LeastDoubt = TimeSpan.FromMinutes(1);

    private readonly GeminiClient _client = run.Service.Client;
    private readonly HashSet<string> _canceled = new(StringComparer.Ordinal);

    private TimeProvider Time => run.Options.TimeProvider;

    /// <summary>Whether a job is still to be canceled.</summary>
    public bool MustCancel =>
        run.StopReason is { CancelsJobs: true }
        && openJobs.Open.Any(job => job.Name is not null && !_canceled.Contains(job.Id));

    /// <summary>Asks how a job stands; null while it is unknown whether it was started.</summary>
    public async Task<GeminiJob?> AskAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (job.Name is null)
        {
            string? name = await FindAsync(job, cancellationToken).ConfigureAwait(false);
            JobRecord looked = job with { Name = name, Looks = job.Looks + 1 };
            if (name is null && looked.Looks >= MostLooks && IsOld(job))
            {
                // A job that was never started would be asked for on and on.
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

    // The job's time lies in the future: the clock was set back, so its age is unknown.
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
            // It may have ended a moment ago. If it goes on, it is waited for as if nobody had canceled it.
        }
    }
}
