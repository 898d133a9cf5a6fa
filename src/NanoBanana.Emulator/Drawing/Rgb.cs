namespace NanoBanana.Emulator.Drawing;

/// <summary>One color.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>With the hue turned by degrees, as bright as before.</summary>
    public Rgb Turned(double degrees)
    {
        // The matrix of SVG's hueRotate.
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return new Rgb(
            Level(0.213 + (0.787 * cos) - (0.213 * sin), 0.715 - (0.715 * cos) - (0.715 * sin),
                0.072 - (0.072 * cos) + (0.928 * sin)),
            Level(0.213 - (0.213 * cos) + (0.143 * sin), 0.715 + (0.285 * cos) + (0.140 * sin),
                0.072 - (0.072 * cos) - (0.283 * sin)),
            Level(0.213 - (0.213 * cos) - (0.787 * sin), 0.715 - (0.715 * cos) + (0.715 * sin),
                0.072 + (0.928 * cos) + (0.072 * sin)));
    }

    /// <summary>Brighter by so many levels, or darker.</summary>
    public Rgb Brighter(int levels) => new(Clamped(R + levels), Clamped(G + levels), Clamped(B + levels));

    private byte Level(double red, double green, double blue) => Clamped((red * R) + (green * G) + (blue * B));

    private static byte Clamped(double level) => (byte)Math.Round(Math.Clamp(level, 0, 255));

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
