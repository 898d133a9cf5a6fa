namespace NanoBanana.Conversations;

/// <summary>What is known of the call that a model's turn came from. It is kept with the turn and never sent.</summary>
public sealed record TurnOrigin
{
    /// <summary>What was asked for, in the user's words; null when unknown.</summary>
    public string? Prompt { get; init; }

    /// <summary>The ratio that was asked for; null when none was.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The size that was asked for; null when none was.</summary>
    public string? Size { get; init; }

    /// <summary>USD of the call; null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Tokens of the call; null when unknown.</summary>
    public TokenCount? Usage { get; init; }

    /// <summary>Why the model stopped, in its own words.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Whose answers the service keeps this one among, as a hash of its address and the key: there the next
    /// turn may name it by its id. Null where it is not kept.</summary>
    public string? KeptFor { get; init; }

    /// <summary>When the answer arrived.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Hash of everything that went into the call.</summary>
    public string? Fingerprint { get; init; }
}
