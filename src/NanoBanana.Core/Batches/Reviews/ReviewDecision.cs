namespace NanoBanana.Batches.Reviews;

/// <summary>A person's decision on a picture.</summary>
public enum ReviewDecision
{
    /// <summary>No decision yet.</summary>
    None,

    /// <summary>The picture is good.</summary>
    Approved,

    /// <summary>The picture is not good enough.</summary>
    Rejected,
}
