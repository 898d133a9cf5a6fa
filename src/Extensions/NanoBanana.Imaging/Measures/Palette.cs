using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;

namespace NanoBanana.Imaging.Measures;

/// <summary>The most frequent colors of a picture: its pixels in eight groups by nearness in OKLab (k-means from far
/// seeds).</summary>
internal sealed class Palette
{
    private const int Most = 8;
    private const int Rounds = 12;

    // Nearer than this, two groups are one color.
    private const float Same = 0.04f;

    private const int Quantiles = 64;

    private readonly List<(Lab Color, double Share)> _colors = [];
    private readonly float[][] _quantiles = [];

    /// <summary>Groups colors.</summary>
    public Palette(IReadOnlyList<Lab> pixels)
    {
        if (pixels.Count == 0) return;
        Mean = MeanOf(pixels);
        _quantiles = [QuantilesOf(pixels.Select(pixel => pixel.L)), QuantilesOf(pixels.Select(pixel => pixel.A)),
            QuantilesOf(pixels.Select(pixel => pixel.B))];
        List<Lab> middles = Seeds(pixels);
        var groups = new int[pixels.Count];
        for (int round = 0; round < Rounds; round++)
        {
            var sums = new (double L, double A, double B, int Count)[middles.Count];
            for (int i = 0; i < pixels.Count; i++)
            {
                groups[i] = Nearest(middles, pixels[i]);
                (double l, double a, double b, int count) = sums[groups[i]];
                sums[groups[i]] = (l + pixels[i].L, a + pixels[i].A, b + pixels[i].B, count + 1);
            }
            for (int group = 0; group < middles.Count; group++)
            {
                (double l, double a, double b, int count) = sums[group];
                if (count > 0) middles[group] = new Lab((float)(l / count), (float)(a / count), (float)(b / count));
            }
        }
        foreach (IGrouping<int, int> group in groups.GroupBy(group => group).OrderByDescending(group => group.Count()))
        {
            _colors.Add((middles[group.Key], (double)group.Count() / pixels.Count));
        }
    }

    /// <summary>The mean of all of them.</summary>
    public Lab Mean { get; } = new(1, 0, 0);

    /// <summary>The public form.</summary>
    public ImmutableArray<PaletteColor> Described() =>
        [.. _colors.Select(color => new PaletteColor(Colors.ToHex(Colors.ToRgb(color.Color, 255)), color.Share))];

    /// <summary>The distance of each color from the nearest of the given ones, weighted by the shares.</summary>
    public double DistanceToNearest(IReadOnlyList<Lab> others) =>
        _colors.Sum(color => color.Share * others.Min(other => color.Color.DistanceTo(other)));

    /// <summary>How far all colors have to be moved on the whole to make one picture's of the other's: the earth
    /// mover's distance along
    /// each axis of OKLab. It goes by all pixels, as groups may fall otherwise in two pictures that are nearly the
    /// same.</summary>
    public double DistanceTo(Palette other)
    {
        if (_quantiles.Length == 0 || other._quantiles.Length == 0)
        {
            return _quantiles.Length == other._quantiles.Length ? 0 : 1;
        }
        double squares =
            _quantiles.Zip(other._quantiles, (one, two) => one.Zip(two, (a, b) => Math.Abs(a - b)).Average())
            .Sum(moved => moved * moved);
        return Math.Sqrt(squares);
    }

    // Each seed is the color farthest from those before: a small bright spot is not lost among many grays.
    private static List<Lab> Seeds(IReadOnlyList<Lab> pixels)
    {
        List<Lab> seeds = [pixels[0]];
        float[] apart = [.. pixels.Select(pixel => pixel.DistanceTo(seeds[0]))];
        while (seeds.Count < Most)
        {
            int farthest = Array.IndexOf(apart, apart.Max());
            if (apart[farthest] < Same) break;
            seeds.Add(pixels[farthest]);
            for (int i = 0; i < apart.Length; i++)
            {
                apart[i] = Math.Min(apart[i], pixels[i].DistanceTo(pixels[farthest]));
            }
        }
        return seeds;
    }

    private static float[] QuantilesOf(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return [.. Enumerable.Range(0, Quantiles).Select(i => sorted[(int)((i + 0.5) * sorted.Length / Quantiles)])];
    }

    private static int Nearest(List<Lab> middles, Lab color)
    {
        int best = 0;
        for (int i = 1; i < middles.Count; i++)
        {
            if (color.DistanceTo(middles[i]) < color.DistanceTo(middles[best])) best = i;
        }
        return best;
    }

    private static Lab MeanOf(IReadOnlyList<Lab> colors) =>
        new((float)colors.Average(color => color.L), (float)colors.Average(color => color.A),
            (float)colors.Average(color => color.B));
}
