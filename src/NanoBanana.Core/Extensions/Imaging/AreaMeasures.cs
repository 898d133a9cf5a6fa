namespace NanoBanana.Extensions.Imaging;

/// <summary>How well text can be placed on a part of a picture.</summary>
/// <param name="Area">The part.</param>
/// <param name="Calm">1 for an area without detail, 0 for detail everywhere.</param>
/// <param name="Color">Its mean color (#rrggbb).</param>
/// <param name="TextColor">The color that was asked about, or the better one of black and white.</param>
/// <param name="TextContrast">The contrast of that color with the least readable places, by WCAG 2: 1 to 21; 4.5 is
/// enough for text, 3 for large text.</param>
public sealed record AreaMeasures(PictureArea Area, double Calm, string Color, string TextColor, double TextContrast)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Area}: calm {Calm:0.##}, {Color}, contrast to {TextColor} {TextContrast:0.#}");
}
