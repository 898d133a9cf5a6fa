namespace NanoBanana.Emulator.Drawing;

/// <summary>The pixels of an image that was sent here.</summary>
internal sealed class Raster(int width, int height, Rgb[] pixels)
{
    private const long MaxPixels = 1L << 25;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public Rgb this[int x, int y] => pixels[(y * Width) + x];

    /// <summary>Null for an unsupported format and for bytes that are not an image.</summary>
    public static Raster? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (ImageHeader.TryRead(bytes) is not { Width: > 0, Height: > 0 } header
            || (long)header.Width * header.Height > MaxPixels)
        {
            return null;
        }
        try
        {
            return header.MimeType switch
            {
                "image/png" => PngReader.Read(bytes),
                "image/jpeg" => new JpegReader(bytes.ToArray()).Read(),
                _ => null,
            };
        }
        catch (Exception e)
            when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException or IOException
            or ArithmeticException or InvalidOperationException)
        {
            return null;
        }
    }
}
