namespace NanoBanana.Batches.Reviews;

/// <summary>What a person thinks of a picture.</summary>
public enum ReviewDecision
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>It is good.</summary>
    Approved,

    /// <summary>It is not good enough.</summary>
    Rejected,
}
