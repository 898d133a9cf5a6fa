using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Judging;

/// <summary> Finds the bands of references in the pixels alone: a composed or reencoded picture has lost the text about
/// them, but not the bands. </summary>
internal static class PixelBands
{
    // The change of a flat color by JPEG and by the drift of a few edits.
    private const int Tolerance = 12;
    private const int LeastRows = 3;

    public static bool CanRead(RequestMedia image) => image.Raster is not null;

    /// <summary>Whether the lower half shows a run of rows in the band's color.</summary>
    public static bool IsIn(EmulatorBand band, RequestMedia image)
    {
        if (image.Raster is not { } raster) return false;
        int run = 0;
        for (int y = raster.Height / 2; y < raster.Height; y++)
        {
            run = IsNear(raster[1 % raster.Width, y], band) && IsNear(raster[raster.Width / 2, y], band) ? run + 1 : 0;
            if (run == LeastRows) return true;
        }

        return false;
    }

    private static bool IsNear(Rgb color, EmulatorBand band) =>
        Math.Abs(color.R - band.Red) <= Tolerance && Math.Abs(color.G - band.Green) <= Tolerance
        && Math.Abs(color.B - band.Blue) <= Tolerance;
}
