namespace NanoBanana.Emulator.Batches;

/// <summary>Where a batch stands; on the wire with the prefix BATCH_STATE_.</summary>
internal enum BatchState
{
    Pending,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Expired,
    Queued,
    Cancelling,
    Paused,
    Updating,
    PartiallySucceeded,
}
