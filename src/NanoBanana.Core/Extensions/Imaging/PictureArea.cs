namespace NanoBanana.Extensions.Imaging;

/// <summary>A part of a picture of any size.</summary>
/// <param name="X">Left edge as a share of the width, 0 to 1.</param>
/// <param name="Y">Upper edge as a share of the height, 0 to 1.</param>
/// <param name="Width">Share of the width, above 0.</param>
/// <param name="Height">Share of the height, above 0.</param>
public sealed record PictureArea(double X, double Y, double Width, double Height)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X:0.##},{Y:0.##},{Width:0.##},{Height:0.##}");
}
