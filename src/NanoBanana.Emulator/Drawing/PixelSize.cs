namespace NanoBanana.Emulator.Drawing;

/// <summary>Width and height in pixels.</summary>
internal readonly record struct PixelSize(int Width, int Height);
