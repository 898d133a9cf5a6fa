namespace NanoBanana.Batches.Runs;

/// <summary>Why a run of a batch sends nothing more.</summary>
public sealed record StopReason
{
    /// <summary>Whether somebody asked it to stop.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether the jobs at the service end too.</summary>
    public bool CancelsJobs { get; init; }

    /// <summary>What every other request would meet too, such as a used-up budget or quota, a refused key or a full
    /// disk; null when there is no such thing.</summary>
    public NbException? Error { get; init; }

    /// <summary>Whether not even what is at the service can be fetched. It stays there for another run.</summary>
    public bool BlocksFetching { get; init; }

    /// <summary>This reason and one that was there before. The first error counts, unless a later one blocks
    /// more.</summary>
    internal StopReason After(StopReason? earlier) => earlier is null ? this : new()
    {
        IsAsked = IsAsked || earlier.IsAsked,
        CancelsJobs = CancelsJobs || earlier.CancelsJobs,
        Error = BlocksFetching && !earlier.BlocksFetching ? Error : earlier.Error ?? Error,
        BlocksFetching = BlocksFetching || earlier.BlocksFetching,
    };
}
