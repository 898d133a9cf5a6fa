namespace NanoBanana.Models;

/// <summary>What a service tier costs, and how long it may take.</summary>
/// <param name="PriceFactor">Share of the live price.</param>
/// <param name="TimeoutSeconds">Shortest timeout for an answer in seconds; null for the connection's timeout.</param>
public sealed record ModelTier(decimal PriceFactor, int? TimeoutSeconds = null)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{PriceFactor:0.##}x");
}
