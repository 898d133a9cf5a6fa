namespace NanoBanana.Emulator.Drawing;

/// <summary>Draws a picture into an image file of the wanted format, size and length.</summary>
internal static class PictureWriter
{
    private const int SmallestLength = 48 * 1024;
    private const int BigLength = 10 * 1024 * 1024;

    public static byte[] Write(EmulatorPicture picture, PixelSize size, string mimeType, bool big, bool isPadded = true)
    {
        Scene scene = new(picture, size);
        SplitMix64 stream = new(picture.Seed ^ 0xB16);
        int length = big
            ? BigLength + stream.Below(BigLength)
            : isPadded ? Math.Max(SmallestLength, size.Width * size.Height / 8) : 0;
        return mimeType == "image/png"
            ? PngWriter.Write(scene, size, picture, length)
            : JpegWriter.Write(scene, size, picture, length);
    }
}
