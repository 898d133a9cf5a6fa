using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NanoBanana.Extensions.Imaging;

/// <summary>A background color to ask the model for and then key out: models cannot draw transparency.</summary>
/// <param name="Name">Its name in prompts.</param>
/// <param name="Hex">Such as #00FF00.</param>
public sealed partial record KeyColor(string Name, string Hex)
{
    private static readonly Lazy<KeyColorData> Data = new(() =>
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("keycolors.json")!;
        return JsonSerializer.Deserialize(stream, KeyColorJson.Default.KeyColorData)!;
    });

    /// <summary>The key farthest from a subject's palette.</summary>
    /// <param name="words">Prompt and descriptions: a color that they mention is not used.</param>
    /// <param name="pictures">Pixels of pictures of the subject; may be empty.</param>
    public static KeyColor For(string words, params IReadOnlyCollection<RasterPicture> pictures)
    {
        HashSet<string> spoken = [.. Word().Matches(words.ToLowerInvariant()).Select(match => match.Value)];
        return Data.Value.Colors
            // Compared as whole words: "green" in "greenhouse" is not a color; the list itself has words such as
            // "leaves".
            .OrderBy(color => color.Words.Any(spoken.Contains))
            .ThenBy(color => Math.Round(pictures.Sum(picture => ShareNear(picture, color.Hex)), 3))
            .Select(color => new KeyColor(color.Name, color.Hex))
            .First();
    }

    /// <summary>The sentence that asks a model for this color behind the subject.</summary>
    public string Request => Data.Value.Sentence
        .Replace("{name}", Name, StringComparison.Ordinal).Replace("{hex}", Hex, StringComparison.Ordinal);

    // Share of pixels of a hue within 40 degrees of the key's and not gray: those that keying would eat.
    private static double ShareNear(RasterPicture picture, string hex)
    {
        ReadOnlySpan<byte> pixels = picture.Rgba.Span;
        int rgb = System.Convert.ToInt32(hex[1..], 16);
        double key = Hue((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb, out _);
        int near = 0;
        for (int at = 0; at + 3 < pixels.Length; at += 4)
        {
            double hue = Hue(pixels[at], pixels[at + 1], pixels[at + 2], out double chroma);
            double apart = Math.Abs(hue - key);
            if (chroma > 0.15 && Math.Min(apart, 360 - apart) < 40) near++;
        }
        return pixels.Length == 0 ? 0 : near * 4.0 / pixels.Length;
    }

    private static double Hue(byte r, byte g, byte b, out double chroma)
    {
        double max = Math.Max(r, Math.Max(g, b)), range = max - Math.Min(r, Math.Min(g, b));
        chroma = range / 255;
        if (range == 0) return 0;
        double sixth = max == r ? (g - b) / range : max == g ? 2 + ((b - r) / range) : 4 + ((r - g) / range);
        return ((sixth * 60) + 360) % 360;
    }

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
