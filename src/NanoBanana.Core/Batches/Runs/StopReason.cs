namespace NanoBanana.Batches.Runs;

/// <summary>Why a run of a batch sends nothing more.</summary>
public sealed record StopReason
{
    /// <summary>Whether the run was asked to stop.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether to cancel the jobs at the service too.</summary>
    public bool CancelsJobs { get; init; }

    /// <summary>The error that every other request would meet too, such as a used-up budget or quota, a refused key or
    /// a full disk; null for none.</summary>
    public NbException? Error { get; init; }

    /// <summary>Whether results at the service cannot be fetched either. They stay there for another run.</summary>
    public bool BlocksFetching { get; init; }

    /// <summary>Combines this reason with an earlier one. The first error is kept, unless a later one blocks
    /// more.</summary>
    internal StopReason After(StopReason? earlier) => earlier is null ? this : new()
    {
        IsAsked = IsAsked || earlier.IsAsked,
        CancelsJobs = CancelsJobs || earlier.CancelsJobs,
        Error = BlocksFetching && !earlier.BlocksFetching ? Error : earlier.Error ?? Error,
        BlocksFetching = BlocksFetching || earlier.BlocksFetching,
    };
}
