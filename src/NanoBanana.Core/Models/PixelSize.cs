using System.Globalization;

namespace NanoBanana.Models;

/// <summary>Width and height in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>Reads "1376x768".</summary>
    /// <exception cref="FormatException">It is not two positive whole numbers with an x between them.</exception>
    public static PixelSize Parse(string text)
    {
        string[] sides = text.Split('x');
        if (sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width > 0
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && height > 0)
        {
            return new PixelSize(width, height);
        }
        throw new FormatException($"'{text}' is not a pixel size such as 1376x768.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
