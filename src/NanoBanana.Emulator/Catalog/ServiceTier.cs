using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Catalog;

/// <summary>A service tier: speed and share of the price.</summary>
internal static class ServiceTier
{
    public const string Standard = "standard";

    // Flex is half; priority is 75 to 100 percent more (the lower end here). Deferred is taken to cost as flex does.
    private static readonly Dictionary<string, decimal> Factors = new(StringComparer.OrdinalIgnoreCase)
    {
        [Standard] = 1m, ["flex"] = 0.5m, ["priority"] = 1.75m, ["deferred"] = 0.5m,
    };

    /// <exception cref="ServiceException">There is no such tier.</exception>
    public static void Check(string? tier, string field)
    {
        if (tier is not null && !Factors.ContainsKey(tier)
            && !tier.EndsWith("UNSPECIFIED", StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceException.InvalidArgument($"Invalid value at '{field}' (TYPE_ENUM), \"{tier}\"");
        }
    }

    /// <summary>The part of the catalog's prices that a tier costs.</summary>
    public static decimal Factor(string? tier) => Factors.GetValueOrDefault(tier ?? Standard, 1m);
}
