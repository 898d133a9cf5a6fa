namespace NanoBanana.Extensions.Imaging;

/// <summary>A picture whose background was made transparent.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Color">The key color that was used (#rrggbb).</param>
/// <param name="Transparent">Share of pixels that are wholly transparent, 0 to 1.</param>
/// <param name="Border">Share of the border that is wholly transparent, 0 to 1: near 1 when the background was
/// flat.</param>
public sealed record KeyedPicture(PictureResult Picture, string Color, double Transparent, double Border);
