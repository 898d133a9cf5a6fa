namespace NanoBanana.Emulator.Catalogue;

/// <summary>Width and height in pixels.</summary>
internal readonly record struct PixelSize(int Width, int Height);
