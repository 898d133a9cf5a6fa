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

    /// <summary>What the service says of the model's end; null when it says nothing.</summary>
    public ModelStatus? ModelStatus { get; init; }

    /// <summary>Whose answers the service keeps this one among, as a hash of its address and the key; null where it
    /// is not kept.</summary>
    public string? KeptFor { get; init; }

    /// <summary>Full path of the file that keeps the body of an answer that could not be understood; null when it was
    /// understood.</summary>
    public string? KeptAs { get; init; }

    /// <summary>Things that were odd but did not cost the image, such as an unreadable signature.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
