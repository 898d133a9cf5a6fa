namespace NanoBanana.Batches.Plans;

/// <summary>The state of an item of a batch.</summary>
public enum BatchItemState
{
    /// <summary>It will be made.</summary>
    Pending,

    /// <summary>Its request is in flight.</summary>
    Running,

    /// <summary>It is part of a job at the service.</summary>
    Submitted,

    /// <summary>It was made in this run.</summary>
    Succeeded,

    /// <summary>It was made before: nothing that goes into it has changed, and its file is intact.</summary>
    UpToDate,

    /// <summary>It was not tried, because its source is missing or the batch had to stop.</summary>
    Blocked,

    /// <summary>It was tried and gave no image, or could not be saved.</summary>
    Failed,

    /// <summary>It was sent and may have been billed, but there is no answer. It is sent again only with
    /// consent.</summary>
    Uncertain,

    /// <summary>It was made and is not good enough: its score is too low, or it does not pass a gate. The best try is
    /// kept in its place.</summary>
    Rejected,
}
