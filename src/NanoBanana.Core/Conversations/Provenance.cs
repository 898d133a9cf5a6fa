using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Conversations;

/// <summary>What a model's turn came from: the call, and what it cost. It is kept with the turn and never sent; an
/// image forwards to that of its turn.</summary>
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

    /// <summary>How many images share the cost: all that the call gave; null for as many as its
    /// turn has.</summary>
    public int? Images { get; init; }

    /// <summary>Tokens of the call; null when unknown.</summary>
    public TokenCount? Usage { get; init; }

    /// <summary>What the model found when it searched, as the service sent it; null when it did not search.</summary>
    public JsonElement? Grounding { get; init; }

    /// <summary>Why the model stopped, in its own words.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Whose answers the service keeps this one among, as a hash of its address and the key: there the next
    /// turn may name it by its id. Null where it is not kept.</summary>
    public string? KeptFor { get; init; }

    /// <summary>When the answer arrived.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Hash of everything that went into the call: what has the same hash need not be made again.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Whether the emulator drew it, offline: nothing was billed, and it never passes for the real
    /// thing.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>What names an answer that has neither an id nor a picture.</summary>
    internal static string? Naming(DateTimeOffset? arrived) =>
        arrived?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>USD of one image's share of the call; null when unknown.</summary>
    public decimal? Share => Cost / Math.Max(Images ?? 1, 1);
}
