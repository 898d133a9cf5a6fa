namespace NanoBanana.Emulator.Drawing;

/// <summary>The mark of one reference image in an emulator's picture: a horizontal band at its foot.</summary>
/// <param name="Hash">The first 16 hex digits of the SHA-256 of the reference image.</param>
/// <param name="Red">Red of the band, 0 to 255. The color follows from the hash alone.</param>
/// <param name="Green">Green of the band, 0 to 255.</param>
/// <param name="Blue">Blue of the band, 0 to 255.</param>
public sealed record EmulatorBand(string Hash, byte Red, byte Green, byte Blue);
