namespace NanoBanana.Models;

/// <summary>What one image costs.</summary>
/// <param name="Usd">USD, live.</param>
/// <param name="Tokens">Output tokens it is counted as.</param>
public sealed record ImagePrice(decimal Usd, int Tokens);
