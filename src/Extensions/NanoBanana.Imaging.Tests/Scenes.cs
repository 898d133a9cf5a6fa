using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

/// <summary>Draws scenes that can be moved and scaled exactly: each pixel follows from where it is.</summary>
internal static class Scenes
{
    public static readonly Rgba32 Lamp = new(250, 30, 20);

    /// <summary>A scene of hills, discs and a fine pattern.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="number">Which scene.</param>
    /// <param name="shiftX">By how many pixels it lies to the right.</param>
    /// <param name="shiftY">By how many it lies lower.</param>
    /// <param name="scale">How much larger, around the middle.</param>
    /// <param name="level">How many levels lighter.</param>
    /// <param name="lamp">Whether there is a red disc in the middle of its right half.</param>
    public static Image<Rgba32> Draw(
        int width, int height, int number = 1, double shiftX = 0, double shiftY = 0, double scale = 1, int level = 0,
            bool lamp = false)
    {
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        return Pictures.Drawn(width, height, (x, y) =>
        {
            // From 0 to 1 across the wider side, whatever the size.
            double u = (middleX + ((x - middleX - shiftX) / scale) + 0.5) / width,
                v = (middleY + ((y - middleY - shiftY) / scale) + 0.5) / width;
            if (lamp && Math.Sqrt(Math.Pow(u - 0.75, 2) + Math.Pow(v - (0.5 * height / width), 2)) < 0.08) return Lamp;
            double wave = Math.Sin((u * 9) + number + (2 * Math.Sin((v * 7) + (number * 2)))) * 40;
            double fine = Math.Sin(u * 160) * Math.Sin((v * 140) + number) * 12;
            double disc = 0;
            for (int i = 0; i < 6; i++)
            {
                double apart =
                    Math.Sqrt(Math.Pow(u - Fraction((i * 0.37) + (number * 0.21)), 2)
                    + Math.Pow(v - (0.7 * Fraction((i * 0.71) + (number * 0.13))), 2));
                disc += apart < 0.05 + (0.01 * i) ? 25 : 0;
            }
            double light = 110 + wave + fine + disc + level;
            return new Rgba32(ToByte(light + (30 * Math.Sin((v * 5) + number))), ToByte(light),
                ToByte(light + (40 * Math.Cos((u * 4) + number))));
        });
    }

    private static double Fraction(double value) => value - Math.Floor(value);

    private static byte ToByte(double value) => (byte)Math.Clamp(value + 0.5, 0, 255);
}
