namespace NanoBanana.Extensions.Imaging;

/// <summary>Pixels.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Rgba">Four bytes a pixel, row by row from the top; alpha is not multiplied in.</param>
public sealed record RasterPicture(int Width, int Height, ReadOnlyMemory<byte> Rgba);
