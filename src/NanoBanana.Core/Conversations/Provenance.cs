using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Conversations;

/// <summary>Where a model's turn came from: the call and its cost. It is kept with the turn and never sent; an image
/// uses that of its turn.</summary>
public sealed record Provenance
{
    /// <summary>What was asked for, in the user's words; null when unknown.</summary>
    public string? Prompt { get; init; }

    /// <summary>Id of the model; null when unknown.</summary>
    public string? Model { get; init; }

    /// <summary>The ratio that was asked for; null when none was.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The size that was asked for; null when none was.</summary>
    public string? Size { get; init; }

    /// <summary>USD of the call; null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How many images share the cost: all images of the call; null for the number of images in the
    /// turn.</summary>
    public int? Images { get; init; }

    /// <summary>Tokens of the call; null when unknown.</summary>
    public TokenCount? Usage { get; init; }

    /// <summary>What the model found when it searched, as the service sent it; null when it did not search.</summary>
    public JsonElement? Grounding { get; init; }

    /// <summary>Why the model stopped, in its own words.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Hash of the service's address and the key, when the service keeps this answer: with the same address
    /// and key, the next turn may refer to it by id. Null when it is not kept.</summary>
    public string? KeptFor { get; init; }

    /// <summary>When the answer arrived.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Hash of everything that went into the call: a request with the same hash need not be sent
    /// again.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Whether the offline emulator drew it: nothing was billed, and it is marked as emulated
    /// everywhere.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Identifies an answer that has neither an id nor a picture.</summary>
    internal static string? Naming(DateTimeOffset? arrived) =>
        arrived?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>USD of one image's share of the call; null when unknown.</summary>
    public decimal? Share => Cost / Math.Max(Images ?? 1, 1);
}
