using System.Globalization;
using NanoBanana.Pictures;

namespace NanoBanana.Extensions.Imaging;

/// <summary>A rectangle of pixels.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">At least 1.</param>
/// <param name="Height">At least 1.</param>
public sealed record PixelRegion(int X, int Y, int Width, int Height)
{
    /// <summary>Reads four numbers with commas: left, top, width and height.</summary>
    /// <exception cref="NbException">The text is something else (Nb.Picture.InvalidRegion).</exception>
    public static PixelRegion Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] numbers = [.. parts.Select(part =>
            int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
                : int.MinValue)];
        return numbers is [>= 0, >= 0, > 0, > 0] ? new PixelRegion(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw PictureErrors.InvalidRegion(text);
    }

    /// <summary>Refuses a region that is not wholly inside a picture.</summary>
    /// <param name="name">The picture's name in errors.</param>
    /// <param name="width">The picture's.</param>
    /// <param name="height">The picture's.</param>
    /// <exception cref="NbException">It is not inside (Nb.Picture.RegionOutside).</exception>
    public void Demand(string name, int width, int height)
    {
        if (X < 0 || Y < 0 || Width < 1 || Height < 1 || X > width - Width || Y > height - Height)
        {
            throw PictureErrors.RegionOutside(ToString(), name, width, height);
        }
    }

    /// <summary>The four numbers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X},{Y},{Width},{Height}");
}
