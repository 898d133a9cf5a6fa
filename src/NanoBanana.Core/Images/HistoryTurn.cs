using System.Collections.Immutable;
using NanoBanana.Conversations;

namespace NanoBanana.Images;

/// <summary>A turn of an image's conversation, for people.</summary>
public sealed record HistoryTurn
{
    /// <summary>Its place in the conversation, from 1. Invoke-NbEdit -From takes that of a turn with an
    /// image.</summary>
    public required int Index { get; init; }

    /// <summary>user or model.</summary>
    public required string Role { get; init; }

    /// <summary>The text of the turn, without thoughts.</summary>
    public string Text { get; init; } = "";

    /// <summary>The model's thoughts in words; empty when none were asked for.</summary>
    public string Thoughts { get; init; } = "";

    /// <summary>The pictures: the model's can be edited from here, the user's are foreign images.</summary>
    public ImmutableArray<NbImage> Images { get; init; } = [];

    /// <summary>How many thought signatures the turn carries.</summary>
    public int Signatures { get; init; }

    /// <summary>Bytes of pictures and signatures, before base64.</summary>
    public long Length { get; init; }

    /// <summary>Id of the model that the conversation is held with.</summary>
    public required string Model { get; init; }

    /// <summary>USD of the call that gave the turn; null for a user's turn and when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Tokens of that call; null for a user's turn and when unknown.</summary>
    public TokenCount? Usage { get; init; }

    /// <summary>When it arrived; null for a user's turn and when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
