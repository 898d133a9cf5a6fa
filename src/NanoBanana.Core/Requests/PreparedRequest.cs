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

    /// <summary>Whether it continues the source's conversation; otherwise it starts a new one.</summary>
    public bool ContinuesConversation { get; init; }

    /// <summary>Whether the offline emulator answers it: nothing is billed, and the image is marked as
    /// emulated.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Warnings to show before it is sent.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>USD one live call is expected to cost; null when the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>The size asked for or kept from the source; null for the model's default.</summary>
    public string? Size { get; init; }

    /// <summary>Pixels the answer should have; null when it cannot be known.</summary>
    public PixelSize? ExpectedPixels { get; init; }

    /// <summary>SHA-256 of everything that affects the answer: words, settings, image bytes and history.</summary>
    public required string RequestHash { get; init; }

    /// <summary>How often it will be sent: a picture that is sent more than once is uploaded first.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Bytes that no upload can replace: the images and signatures of the history, as base64.</summary>
    public long HistoryBytes => InlineLimit.Fixed(Call.Sent);

    /// <summary>Whether the history alone is larger than a request should be: the service may refuse it, and a new
    /// conversation helps.</summary>
    public bool IsHistoryTooLarge => ContinuesConversation && HistoryBytes > InlineLimit.Budget;
}
