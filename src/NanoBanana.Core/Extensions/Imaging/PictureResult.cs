namespace NanoBanana.Extensions.Imaging;

/// <summary>An encoded picture.</summary>
/// <param name="Data">Its bytes.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record PictureResult(ReadOnlyMemory<byte> Data, int Width, int Height);
