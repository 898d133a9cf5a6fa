namespace NanoBanana.Conversations;

/// <summary>Tokens of one call, as the service counted them.</summary>
public sealed record TokenCount
{
    /// <summary>Tokens sent.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Of the tokens sent, those of images; null when the service gave no details.</summary>
    public long? PromptImageTokens { get; init; }

    /// <summary>Tokens of the answer, without thoughts.</summary>
    public long CandidateTokens { get; init; }

    /// <summary>Of the answer's tokens, those of images; null when the service gave no details.</summary>
    public long? ImageTokens { get; init; }

    /// <summary>Tokens of thinking, billed as text output, shown or not.</summary>
    public long ThoughtTokens { get; init; }

    /// <summary>All of them, as the service adds up.</summary>
    public long TotalTokens { get; init; }

    /// <summary>The service tier that was billed; null when the service did not say.</summary>
    public string? ServiceTier { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{TotalTokens} tokens";
}
