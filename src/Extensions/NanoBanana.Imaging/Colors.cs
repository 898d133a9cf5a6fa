using System.Globalization;
using NanoBanana.Pictures;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging;

/// <summary>Conversions between written colors and OKLab.</summary>
internal static class Colors
{
    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(value => ToLinear(value / 255f))];

    /// <summary>Reads #rrggbb.</summary>
    public static Rgba32 Parse(string text) =>
        text.Length == 7 && text[0] == '#'
            && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb)
            ? new Rgba32((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : throw PictureErrors.InvalidColor(text);

    /// <summary>The linear light of a channel's level, 0 to 1.</summary>
    public static float ToLinear(byte level) => Linear[level];

    /// <summary>Writes #rrggbb.</summary>
    public static string ToHex(Rgba32 color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";

    /// <summary>A color in OKLab, where distances are those that eyes see
    /// (https://bottosson.github.io/posts/oklab).</summary>
    public static Lab ToLab(Rgba32 color)
    {
        float r = Linear[color.R], g = Linear[color.G], b = Linear[color.B];
        float l = MathF.Cbrt((0.4122214708f * r) + (0.5363325363f * g) + (0.0514459929f * b));
        float m = MathF.Cbrt((0.2119034982f * r) + (0.6806995451f * g) + (0.1073969566f * b));
        float s = MathF.Cbrt((0.0883024619f * r) + (0.2817188376f * g) + (0.6299787005f * b));
        return new Lab(
            (0.2104542553f * l) + (0.7936177850f * m) - (0.0040720468f * s),
            (1.9779984951f * l) - (2.4285922050f * m) + (0.4505937099f * s),
            (0.0259040371f * l) + (0.7827717662f * m) - (0.8086757660f * s));
    }

    /// <summary>Converts from OKLab; colors outside sRGB are clipped.</summary>
    public static Rgba32 ToRgb(Lab lab, byte alpha)
    {
        float l = Cube(lab.L + (0.3963377774f * lab.A) + (0.2158037573f * lab.B));
        float m = Cube(lab.L - (0.1055613458f * lab.A) - (0.0638541728f * lab.B));
        float s = Cube(lab.L - (0.0894841775f * lab.A) - (1.2914855480f * lab.B));
        return new Rgba32(
            ToByte((4.0767416621f * l) - (3.3077115913f * m) + (0.2309699292f * s)),
            ToByte((-1.2684380046f * l) + (2.6097574011f * m) - (0.3413193965f * s)),
            ToByte((-0.0041960863f * l) - (0.7034186147f * m) + (1.7076147010f * s)),
            alpha);
    }

    private static float Cube(float value) => value * value * value;

    private static float ToLinear(float value) =>
        value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f);

    private static byte ToByte(float linear)
    {
        float value = linear <= 0.0031308f ? linear * 12.92f : (1.055f * MathF.Pow(linear, 1 / 2.4f)) - 0.055f;
        return (byte)Math.Clamp((value * 255) + 0.5f, 0, 255);
    }
}
