namespace NanoBanana.Gemini;

/// <summary>An interaction as far as it has come.</summary>
/// <param name="Id">Its id; null where the service does not keep it or names none.</param>
internal sealed record InteractionResult(string? Id)
{
    /// <summary>Whether the service is still at work on it.</summary>
    public bool IsRunning { get; init; }

    /// <summary>What the model answered; null when it failed.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Whether the answer broke off: it holds what had arrived whole.</summary>
    public bool IsCut { get; init; }

    /// <summary>The service's own word on why there is no answer.</summary>
    public NbException? Failure { get; init; }
}
