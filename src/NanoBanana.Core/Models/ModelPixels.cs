namespace NanoBanana.Models;

/// <summary>A ratio and size that a model can make, and what it costs.</summary>
/// <param name="Ratio">Such as 16:9.</param>
/// <param name="Size">Such as 2K.</param>
/// <param name="Pixels">Width and height.</param>
/// <param name="Tokens">Output tokens it is counted as; null when unknown.</param>
/// <param name="Usd">USD of the picture alone, live at the standard tier; null when unknown.</param>
public sealed record ModelPixels(string Ratio, string Size, PixelSize Pixels, int? Tokens, decimal? Usd)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Ratio} {Size} {Pixels}";
}
