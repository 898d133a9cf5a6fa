using System.Text.Json.Serialization;

namespace NanoBanana.Models;

/// <summary>What the catalog knows about one model: names, limits, prices and retirement.</summary>
public sealed record ModelInfo
{
    /// <summary>The id the service knows.</summary>
    public required string Id { get; init; }

    /// <summary>The marketing name.</summary>
    public required string Name { get; init; }

    /// <summary>Short names that stay the same while ids change.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Other names used by tables, routers and tools; accepted as input, but not suggested.</summary>
    public required IReadOnlyList<string> OtherNames { get; init; }

    /// <summary>stable, deprecated or retired, as the data says; <see cref="IsRetiredOn"/> says whether it is retired
    /// on a given day.</summary>
    public required string State { get; init; }

    /// <summary>The day it became generally available.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>When it ends and what follows it; null while no end is known.</summary>
    public ModelRetirement? Retirement { get; init; }

    /// <summary>Output sizes (512, 1K, 2K, 4K), smallest first; empty for a model the catalog does not know.</summary>
    public required IReadOnlyList<string> Sizes { get; init; }

    /// <summary>Whether the service takes a size for this model at all.</summary>
    public required bool SizeParameter { get; init; }

    /// <summary>Aspect ratios such as 16:9.</summary>
    public required IReadOnlyList<string> Ratios { get; init; }

    /// <summary>Name of the pixel table.</summary>
    [JsonPropertyName("pixels")]
    public string? PixelTable { get; init; }

    /// <summary>Every ratio and size with its pixels, tokens and price.</summary>
    [JsonIgnore]
    public IReadOnlyList<ModelPixels> Pixels { get; internal init; } = [];

    /// <summary>How its thinking is controlled.</summary>
    public required ModelThinking Thinking { get; init; }

    /// <summary>How many reference images it takes.</summary>
    public required ReferenceLimits References { get; init; }

    /// <summary>What it takes as input beside pictures: video, document.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>What input pictures, videos and documents are billed as, by kind and media resolution ("default" where
    /// none is asked for): tokens of an image, of a second of video, of a page of a document.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> InputTokens { get; init; }

    /// <summary>How many videos and documents a request may have, and how long, by kind.</summary>
    public required IReadOnlyDictionary<string, InputLimit> InputLimits { get; init; }

    /// <summary>Names of the tools it may use, such as web and image.</summary>
    public required IReadOnlyList<string> Grounding { get; init; }

    /// <summary>The values it accepts for options that differ from model to model, by the option's name, such as
    /// serviceTier.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Options { get; init; }

    /// <summary>What its service tiers cost, by name. <see cref="Options"/> lists the tiers it accepts.</summary>
    public required IReadOnlyDictionary<string, ModelTier> Tiers { get; init; }

    /// <summary>USD for 1,000 searches after the free ones.</summary>
    public required decimal SearchUsdPerThousand { get; init; }

    /// <summary>The free searches; null for none. Only the searches of this user's own calls are counted.</summary>
    public FreeSearches? FreeSearches { get; init; }

    /// <summary>Mime type of its images; null when unknown.</summary>
    public string? Returns { get; init; }

    /// <summary>Tokens billed for an input image without a media resolution; null for the default number.</summary>
    public int? InputImageTokens { get; init; }

    /// <summary>Most tokens of one answer, words, thoughts and images together; null when not documented.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Prices in USD; null when unknown.</summary>
    public ModelPrices? Prices { get; init; }

    /// <summary>Notes for people, such as where a number comes from.</summary>
    public string? Note { get; init; }

    /// <summary>False for an id that the catalog does not hold: it is passed through unchecked.</summary>
    [JsonIgnore]
    public bool IsKnown { get; internal init; } = true;

    /// <summary>The size used when none is asked for.</summary>
    [JsonIgnore]
    public string? DefaultSize => Sizes.Contains("1K") ? "1K" : Sizes.Count > 0 ? Sizes[0] : null;

    /// <summary>The values it accepts for an option; empty when it does not have the option.</summary>
    /// <param name="option">The option's name, such as serviceTier.</param>
    public IReadOnlyList<string> WordsFor(string option) => Options.GetValueOrDefault(option) ?? [];

    /// <summary>Tokens of one image, of a second of video or of a page.</summary>
    /// <param name="kind">image, video or document.</param>
    /// <param name="resolution">The media resolution asked for; null for none.</param>
    public int InputTokensOf(string kind, string? resolution)
    {
        if (InputTokens.GetValueOrDefault(kind) is not { } tokens) return 0;
        if (resolution is not null && tokens.TryGetValue(resolution.ToLowerInvariant(), out int asked)) return asked;
        return kind == "image" && InputImageTokens is { } known ? known : tokens.GetValueOrDefault("default");
    }

    /// <summary>Finds a tier by name in any of the service's spellings; null when there is none.</summary>
    /// <param name="name">Such as flex; null for none.</param>
    public ModelTier? TierOf(string? name) => Tiers.FirstOrDefault(tier => string.Equals(
        tier.Key, name?[(name.LastIndexOf('_') + 1)..], StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Whether the service has switched it off by that day. An unconfirmed date does not count.</summary>
    public bool IsRetiredOn(DateOnly day) =>
        State == "retired" || (Retirement is { Confirmed: true, Shutdown: { } shutdown } && day >= shutdown);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
