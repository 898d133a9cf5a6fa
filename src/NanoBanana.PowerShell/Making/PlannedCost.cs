using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The texts of the confirmation: what a cmdlet is about to do, and its cost.</summary>
internal sealed class PlannedCost
{
    private static readonly Budget Unlimited = new(null, null);

    // Characters of a prompt that are worth reading before a confirmation.
    private const int LongestShown = 2000;

    private int _requests;
    private int _images;
    private int _unknown;
    private decimal _usd;

    /// <summary>USD of everything so far at most, as -MaxCost counts it: with the longest usual thoughts and every try;
    /// without what has an unknown price.</summary>
    public decimal Most { get; private set; }

    /// <summary>Whether the service may keep a copy of any request.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Counts a request.</summary>
    /// <returns>The request and its price.</returns>
    public string Add(PreparedRequest request, TryRule? rule, int copies)
    {
        int tries = rule?.MaximumTryCount ?? 1;
        decimal judging = rule?.JudgingEstimate ?? 0;
        decimal? usd = (request.EstimatedCost + judging) * copies * tries;
        _requests++;
        IsStored |= !request.Call.NoStore;
        _images += copies;
        _usd += usd ?? 0;
        if (usd is null) _unknown += copies;
        else Most += (Unlimited.UsualCost(request.EstimatedCost, request.Model) + judging) * copies * tries;
        string cost = usd is { } known ? $"{(tries > 1 ? "up to" : "about")} {Readable.Money(known)}"
            : "at an unknown price";
        string often = tries > 1 ? $", up to {tries} tries" : "";
        string judged = rule?.Checker?.Judge is { } judge ? $", judged by {judge.Model}" : "";
        return $"Ask {request.Model} for {copies} image{(copies == 1 ? "" : "s")}{often}{judged}, {cost}: {Shown(request.Prompt)}";
    }

    /// <summary>The sum; null where there is only one request.</summary>
    /// <param name="limit">USD that may be spent; null for as much as it takes.</param>
    public string? Total(decimal? limit) => _requests < 2 ? null
        : $"In all {_images} images, {Sum(_usd, Most, _images, _unknown, limit)}";

    /// <summary>A sum in words.</summary>
    /// <param name="usd">USD that is expected.</param>
    /// <param name="most">USD at most.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="unknown">How many of them have an unknown price.</param>
    /// <param name="limit">USD that may be spent; null for as much as it takes.</param>
    public static string Sum(decimal usd, decimal most, int images, int unknown, decimal? limit)
    {
        string rest = unknown == 0 ? "" : $"{unknown} at an unknown price";
        string known = unknown == images && images > 0 ? rest
            : $"about {Readable.Money(usd)}, usually at most {Readable.Money(most)}{(rest.Length > 0 ? $", and {rest}" : "")}";
        return known + (limit is { } allowed ? $", of which -MaxCost allows {Readable.Money(allowed)}" : "");
    }

    // A prompt of many megabytes is of no use to whoever confirms it, and each copy of it takes memory.
    private static string Shown(string prompt) =>
        prompt.Length <= LongestShown ? prompt : Readable.Short(prompt, LongestShown);
}
