using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Models;

namespace NanoBanana.Gemini;

/// <summary>What generateContent answered; anything may be absent.</summary>
internal sealed record Answer
{
    /// <summary>Usually one; none when the prompt was blocked.</summary>
    public ImmutableArray<Candidate> Candidates { get; init; } = [];

    /// <summary>Why the prompt was blocked (SAFETY, PROHIBITED_CONTENT, ...); null when it was not.</summary>
    public string? BlockReason { get; init; }

    /// <summary>The service's words on the block.</summary>
    public string? BlockReasonMessage { get; init; }

    /// <summary>Tokens spent; null when the service sent none.</summary>
    public TokenCount? Usage { get; init; }

    /// <summary>The model that really answered.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>What the service says about the model's retirement; null when it says nothing.</summary>
    public ModelStatus? ModelStatus { get; init; }

    /// <summary>Hash of the service's address and the key, when the service keeps this answer; null when it does
    /// not.</summary>
    public string? KeptFor { get; init; }

    /// <summary>Full path of the file with the body of an answer that could not be read; null when it was
    /// readable.</summary>
    public string? KeptAs { get; init; }

    /// <summary>Warnings that did not cost the image, such as an unreadable signature.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
