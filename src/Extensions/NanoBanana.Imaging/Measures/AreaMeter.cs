using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging.Measures;

/// <summary>Measures how well text can be placed on parts of a picture.</summary>
internal sealed class AreaMeter
{
    // The picture in cells of the size of thick letters.
    private const int Cells = 48;

    // The spread of lightness in a cell from which text becomes unreadable.
    private const double Restless = 0.12;

    private readonly double[,] _spread;
    private readonly Rgba32[,] _colors;
    private readonly int _across;
    private readonly int _down;
    private readonly Rgba32? _text;

    /// <summary>Analyzes a picture once for all areas.</summary>
    public AreaMeter(Image<Rgba32> image, Lightness light, string? textColor)
    {
        _text = textColor is null ? null : Colors.Parse(textColor);
        double cell = Math.Max(1, Math.Max(light.Width, light.Height) / (double)Cells);
        (_across, _down) = (Math.Max(1, (int)(light.Width / cell)), Math.Max(1, (int)(light.Height / cell)));
        _spread = new double[_across, _down];
        _colors = new Rgba32[_across, _down];
        using Image<Rgba32> small =
            image.Clone(edit => edit.BackgroundColor(Color.White).Resize(_across, _down, KnownResamplers.Box));
        for (int y = 0; y < _down; y++)
        {
            for (int x = 0; x < _across; x++)
            {
                _colors[x, y] = small[x, y];
                _spread[x, y] = Spread(light, x, y);
            }
        }
    }

    /// <summary>Measures an area; parts outside the picture are ignored.</summary>
    public AreaMeasures Measure(PictureArea area)
    {
        (int left, int right) = Range(area.X, area.Width, _across);
        (int top, int bottom) = Range(area.Y, area.Height, _down);
        double spread = 0, r = 0, g = 0, b = 0;
        var lights = new List<double>();
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                Rgba32 color = _colors[x, y];
                (spread, r, g, b) = (spread + _spread[x, y], r + color.R, g + color.G, b + color.B);
                lights.Add(Luminance(color));
            }
        }
        int count = lights.Count;
        lights.Sort();
        // A single odd cell does not make a text unreadable; a twentieth does.
        double darkest = lights[count / 20], lightest = lights[count - 1 - (count / 20)];
        Rgba32 text = _text
            ?? (Least(1, darkest, lightest) >= Least(0, darkest, lightest) ? new Rgba32(255, 255, 255)
            : new Rgba32(0, 0, 0));
        return new AreaMeasures(
            area, Math.Clamp(1 - (spread / count / Restless), 0, 1),
            Colors.ToHex(new Rgba32((byte)(r / count), (byte)(g / count), (byte)(b / count))), Colors.ToHex(text),
            Least(Luminance(text), darkest, lightest));
    }

    /// <summary>The calmest place for an area of a given size; the uppermost of equals.</summary>
    public AreaMeasures Calmest(double width, double height)
    {
        (width, height) = (Math.Clamp(width, 0.01, 1), Math.Clamp(height, 0.01, 1));
        const int Steps = 16;
        AreaMeasures? best = null;
        for (int y = 0; y <= Steps; y++)
        {
            for (int x = 0; x <= Steps; x++)
            {
                AreaMeasures found =
                    Measure(new PictureArea((1 - width) * x / Steps, (1 - height) * y / Steps, width, height));
                if (best is null || found.Calm > best.Calm) best = found;
            }
        }
        return best!;
    }

    private static (int From, int To) Range(double start, double length, int cells)
    {
        int from = Math.Clamp((int)Math.Floor(start * cells), 0, cells - 1);
        return (from, Math.Clamp((int)Math.Ceiling((start + length) * cells), from + 1, cells));
    }

    private static double Least(double text, double darkest, double lightest) =>
        Math.Min(Ratio(text, darkest), Ratio(text, lightest));

    private static double Ratio(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    // Relative luminance of WCAG 2.
    private static double Luminance(Rgba32 color) =>
        (0.2126 * Colors.ToLinear(color.R)) + (0.7152 * Colors.ToLinear(color.G)) + (0.0722 * Colors.ToLinear(color.B));

    private double Spread(Lightness light, int cellX, int cellY)
    {
        int left = cellX * light.Width / _across, right = Math.Max(left + 1, (cellX + 1) * light.Width / _across);
        int top = cellY * light.Height / _down, bottom = Math.Max(top + 1, (cellY + 1) * light.Height / _down);
        double sum = 0, squares = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                sum += light[x, y];
                squares += light[x, y] * light[x, y];
            }
        }
        int count = (right - left) * (bottom - top);
        return Math.Sqrt(Math.Max(0, (squares / count) - (sum / count * (sum / count))));
    }
}
