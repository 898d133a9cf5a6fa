namespace NanoBanana.Emulator.Drawing;

/// <summary>One color.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>From hue (0 to 360), saturation and lightness (0 to 1).</summary>
    public static Rgb FromHsl(double hue, double saturation, double lightness)
    {
        double chroma = (1 - Math.Abs((2 * lightness) - 1)) * saturation;
        return new Rgb(Channel(0), Channel(8), Channel(4));

        byte Channel(int n)
        {
            double k = (n + (hue / 30)) % 12;
            double value = lightness - (chroma / 2 * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)));
            return (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
        }
    }
}
