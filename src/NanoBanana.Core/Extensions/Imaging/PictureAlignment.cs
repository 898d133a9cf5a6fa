namespace NanoBanana.Extensions.Imaging;

/// <summary>The position of a picture in another, relative to the center, when both have the first one's
/// size.</summary>
/// <param name="ShiftX">Pixels to the right.</param>
/// <param name="ShiftY">Pixels down.</param>
/// <param name="Scale">How much larger.</param>
public readonly record struct PictureAlignment(double ShiftX, double ShiftY, double Scale)
{
    /// <summary>No shift and no change of scale.</summary>
    public static PictureAlignment Same { get; } = new(0, 0, 1);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{ShiftX:0.#},{ShiftY:0.#} x{Scale:0.####}");
}
