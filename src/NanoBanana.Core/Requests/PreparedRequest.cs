using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>A request that has been checked against the catalog and composed: all that is left is to send it.</summary>
public sealed record PreparedRequest
{
    /// <summary>The request as it was asked for.</summary>
    public required ImageRequest Request { get; init; }

    /// <summary>The model that will be asked.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>What goes over the wire.</summary>
    public required GenerateCall Call { get; init; }

    /// <summary>The text of the new user turn, as sent.</summary>
    public required string Prompt { get; init; }

    /// <summary>The references in the order they are sent.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The references of the whole conversation.</summary>
    internal ImmutableArray<Reference> AllReferences => !ContinuesConversation ? References
        : [.. Request.Source!.References.Concat(References)
            .DistinctBy(reference => (reference.Role, reference.Name, reference.Picture.Data.Sha256))];

    /// <summary>Whether it goes on with the source's conversation; otherwise it starts a new one.</summary>
    public bool ContinuesConversation { get; init; }

    /// <summary>Whether the emulator answers it, offline: nothing is billed, and what comes never passes for the real
    /// thing.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Things to know before it is sent.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>USD one live call is expected to cost; null when the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>The size asked for or kept from the source; null for the model's default.</summary>
    public string? Size { get; init; }

    /// <summary>Pixels the answer should have; null when it cannot be known.</summary>
    public PixelSize? ExpectedPixels { get; init; }

    /// <summary>SHA-256 of everything that decides the answer: words, settings, the bytes of every image, the
    /// history.</summary>
    public required string RequestHash { get; init; }

    /// <summary>How often it will be sent: a picture that goes more than once is uploaded first.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Bytes that no upload takes out of the request: the history's images and signatures, as
    /// base64.</summary>
    public long HistoryBytes => InlineLimit.Fixed(Call.Sent);

    /// <summary>The history alone passes what a request should carry: it may be refused, and starting a new
    /// conversation
    /// helps.</summary>
    public bool IsHistoryTooLarge => ContinuesConversation && HistoryBytes > InlineLimit.Budget;
}
