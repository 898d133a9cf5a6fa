namespace NanoBanana.Emulator.Batches;

/// <summary>The state of a batch; sent with the prefix BATCH_STATE_.</summary>
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
