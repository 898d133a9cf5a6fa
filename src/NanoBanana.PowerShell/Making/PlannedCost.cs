using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The texts of the confirmation: what a cmdlet is about to do, and its cost.</summary>
internal sealed class PlannedCost
{
    private int _requests;
    private int _images;
    private decimal? _usd = 0;

    /// <summary>Whether the service may keep a copy of any request.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Counts a request.</summary>
    /// <returns>The request and its price.</returns>
    public string Add(PreparedRequest request, TryRule? rule, int copies)
    {
        int tries = rule?.MaximumTryCount ?? 1;
        decimal? usd = (request.EstimatedCost + (rule?.JudgingEstimate ?? 0)) * copies * tries;
        _requests++;
        IsStored |= !request.Call.NoStore;
        _images += copies;
        _usd += usd;
        string cost = usd is { } known ? $"{(tries > 1 ? "up to" : "about")} {Readable.Money(known)}"
            : "at an unknown price";
        string often = tries > 1 ? $", up to {tries} tries" : "";
        string judged = rule?.Checker?.Judge is { } judge ? $", judged by {judge.Model}" : "";
        return $"Ask {request.Model} for {copies} image{(copies == 1 ? "" : "s")}{often}{judged}, {cost}: {request.Prompt}";
    }

    /// <summary>The sum; null where there is only one request.</summary>
    /// <param name="limit">USD that may be spent; null for as much as it takes.</param>
    public string? Total(decimal? limit)
    {
        if (_requests < 2) return null;
        string cost = _usd is { } usd ? $"up to {Readable.Money(usd)}" : "at an unknown price";
        return $"In all {_images} images, {cost}"
            + (limit is { } most ? $", of which -MaxCost allows {Readable.Money(most)}" : "");
    }
}
