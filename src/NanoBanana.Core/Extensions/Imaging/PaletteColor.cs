namespace NanoBanana.Extensions.Imaging;

/// <summary>A color of a picture.</summary>
/// <param name="Color">#rrggbb.</param>
/// <param name="Share">Share of the pixels that are near it, 0 to 1.</param>
public sealed record PaletteColor(string Color, double Share)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Color} {Share:0%}");
}
