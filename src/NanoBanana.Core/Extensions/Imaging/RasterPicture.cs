namespace NanoBanana.Extensions.Imaging;

/// <summary>Pixels.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Rgba">Four bytes per pixel, row by row from the top, with straight alpha.</param>
public sealed record RasterPicture(int Width, int Height, ReadOnlyMemory<byte> Rgba);
