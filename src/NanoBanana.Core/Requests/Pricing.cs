using NanoBanana.Conversations;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>What a call costs: an estimate from the catalog before it is made, the actual cost from its tokens
/// afterwards.</summary>
internal static class Pricing
{
    // A rough figure for estimates only: Google counts about four characters to a token.
    private const int CharactersPerToken = 4;

    /// <summary>Seconds that are assumed for a video whose length is unknown.</summary>
    internal const int AssumedSeconds = 60;

    /// <summary>Pages that are assumed for a document whose pages cannot be counted.</summary>
    internal const int AssumedPages = 10;

    /// <summary>USD one live call is expected to cost; null when the catalog knows no price.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is asked for: size, tier, thinking and searches have a price.</param>
    /// <param name="tokens">Tokens sent, those of the history included.</param>
    /// <param name="freeSearches">Searches that will not be billed.</param>
    public static decimal? Estimate(ModelInfo model, RequestOptions options, long tokens, int freeSearches = 0)
    {
        if (model.Prices is not { } prices || ImagePriceOf(model, options.Size) is not { } image) return null;
        long thoughts = model.Thinking.TokensAt(options.ThinkingLevel);
        decimal tokenCost = tokens * prices.TextInPerMillion + thoughts * prices.TextOutPerMillion;
        int searches = Math.Max(0, ExpectedSearches(options) - freeSearches);
        return (image.Usd + tokenCost / 1_000_000m) * (model.TierOf(options.ServiceTier)?.PriceFactor ?? 1)
            + Searches(model, searches);
    }

    /// <summary>How many searches to expect. The model decides how often it searches; once with each tool is
    /// usual.</summary>
    public static int ExpectedSearches(RequestOptions options) =>
        options.Grounding is { IsDefault: false } tools ? tools.Length : 0;

    /// <summary>Tokens that turns are expected to be counted as when they are sent.</summary>
    /// <param name="model">The model.</param>
    /// <param name="turns">The turns.</param>
    /// <param name="resolution">The media resolution asked for; null for none.</param>
    public static long InputTokens(ModelInfo model, IEnumerable<Turn> turns, string? resolution) =>
        turns.Sum(turn => turn.CharacterCount / CharactersPerToken
            + (long)turn.PictureCount * model.InputTokensOf(PictureFormat.Image, resolution)
            + turn.Media.Sum(part => (LengthOf(part) ?? Assumed(part))
                * (long)model.InputTokensOf(part.Kind!, resolution)));

    /// <summary>Tokens that words are expected to be counted as.</summary>
    internal static long InputTokens(string? text) => (text?.Length ?? 0) / CharactersPerToken;

    /// <summary>Seconds of a video or pages of a document; null when unknown.</summary>
    internal static int? LengthOf(Part part)
    {
        (Blob? data, string type) = part is FilePart file ? (file.Source, file.MimeType)
            : ((part as ImagePart)?.Data, (part as ImagePart)?.MimeType ?? "");
        return data is not null && PictureFormat.OfMimeType(type) is { } format ? MediaLength.Of(data, format) : null;
    }

    private static int Assumed(Part part) => part.Kind == PictureFormat.Document ? AssumedPages : AssumedSeconds;

    /// <summary>Actual cost of a live call in USD, from the service's token count; null when the catalog has no
    /// price.</summary>
    /// <param name="model">The model.</param>
    /// <param name="size">The output size; null for the model's default. Used where the service gave no
    /// details.</param>
    /// <param name="usage">The service's count; null when it sent none: the catalog's price of an image is used
    /// instead.</param>
    /// <param name="images">Images in the answer.</param>
    /// <param name="searches">Searches that are billed.</param>
    /// <param name="tier">The service tier that was asked for, where the service does not say which it
    /// billed.</param>
    /// <param name="batchFactor">Share of the live price that is paid: 1, or less for a job, which has no
    /// tiers.</param>
    public static decimal? Actual(ModelInfo model, string? size, TokenCount? usage, int images, int searches = 0,
        string? tier = null, decimal batchFactor = 1) =>
        TokenCost(model, size, usage, images)
        * (batchFactor == 1 ? TierFactor(model, usage?.ServiceTier, tier) : batchFactor)
        + Searches(model, searches);

    private static decimal Searches(ModelInfo model, int count) => count * model.SearchUsdPerThousand / 1000m;

    // An answer that does not name its tier may have been billed at the full price.
    private static decimal TierFactor(ModelInfo model, string? billed, string? asked) =>
        model.TierOf(billed)?.PriceFactor ?? Math.Max(1, model.TierOf(asked)?.PriceFactor ?? 1);

    private static decimal? TokenCost(ModelInfo model, string? size, TokenCount? usage, int images)
    {
        if (model.Prices is not { } prices) return null;
        ImagePrice? listed = ImagePriceOf(model, size);
        if (usage is null) return listed?.Usd * images;
        long imageTokens = usage.ImageTokens ?? Math.Min(usage.CandidateTokens, (long)(listed?.Tokens ?? 0) * images);
        decimal imageCost = imageTokens * prices.ImageOutPerMillion / 1_000_000m;
        // A count that is too small for a picture, such as the zeros of some gateways, is ignored.
        long least = prices.Images.Count == 0 ? 0 : prices.Images.Values.Min(price => price.Tokens);
        if (images > 0 && imageTokens < least) imageCost = Math.Max(imageCost, (listed?.Usd ?? 0) * images);
        long textTokens = Math.Max(0, usage.CandidateTokens - imageTokens) + usage.ThoughtTokens;
        return imageCost
            + (Math.Max(0, usage.PromptTokens) * prices.TextInPerMillion
            + Math.Max(0, textTokens) * prices.TextOutPerMillion) / 1_000_000m;
    }

    private static ImagePrice? ImagePriceOf(ModelInfo model, string? size) =>
        (size ?? model.DefaultSize) is { } wanted
            && model.Prices?.Images.TryGetValue(wanted, out ImagePrice? price) == true
            ? price
            : null;
}
