namespace NanoBanana.Extensions.Imaging;

/// <summary>How well something can be written over a part of a picture.</summary>
/// <param name="Area">The part.</param>
/// <param name="Calm">1 where nothing disturbs a text, 0 where detail is everywhere.</param>
/// <param name="Color">Its mean color (#rrggbb).</param>
/// <param name="TextColor">The color that was asked about, or the better one of black and white.</param>
/// <param name="TextContrast">The contrast of that color to the places it reads worst on, as WCAG 2 counts it: 1 to 21;
/// 4.5 is enough
/// for text, 3 for large text.</param>
public sealed record AreaMeasures(PictureArea Area, double Calm, string Color, string TextColor, double TextContrast)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Area}: calm {Calm:0.##}, {Color}, contrast to {TextColor} {TextContrast:0.#}");
}
