using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Judging;

/// <summary>Whether two pictures show the same scene, by their pixels alone: one was reencoded, or composed from the
/// other.</summary>
internal static class PixelLikeness
{
    private const int Cells = 16;
    private const int SamplesPerCell = 4;

    // Of 255, in the mean: a few edits change less, and another scene changes more.
    private const double MostDifference = 32;

    public static bool IsSame(RequestMedia one, RequestMedia other)
    {
        if (one.Raster is not { } first || other.Raster is not { } second) return false;
        long difference = 0;
        for (int row = 0; row < Cells; row++)
        {
            for (int column = 0; column < Cells; column++)
            {
                (int Red, int Green, int Blue) a = Mean(first, column, row), b = Mean(second, column, row);
                difference += Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
            }
        }
        return difference / (3.0 * Cells * Cells) < MostDifference;
    }

    private static (int Red, int Green, int Blue) Mean(Raster raster, int column, int row)
    {
        const int Samples = Cells * SamplesPerCell;
        int red = 0, green = 0, blue = 0;
        for (int y = 0; y < SamplesPerCell; y++)
        {
            for (int x = 0; x < SamplesPerCell; x++)
            {
                Rgb color = raster[((column * SamplesPerCell) + x) * raster.Width / Samples,
                    ((row * SamplesPerCell) + y) * raster.Height / Samples];
                red += color.R;
                green += color.G;
                blue += color.B;
            }
        }
        const int Count = SamplesPerCell * SamplesPerCell;
        return (red / Count, green / Count, blue / Count);
    }
}
