namespace NanoBanana.Gemini;

/// <summary>The current state of an interaction.</summary>
/// <param name="Id">Its id; null where the service does not keep it or names none.</param>
internal sealed record InteractionResult(string? Id)
{
    /// <summary>Whether the service is still at work on it.</summary>
    public bool IsRunning { get; init; }

    /// <summary>What the model answered; null when it failed.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Whether the answer broke off: then it has only the complete parts.</summary>
    public bool IsCut { get; init; }

    /// <summary>The service's reason why there is no answer.</summary>
    public NbException? Failure { get; init; }
}
