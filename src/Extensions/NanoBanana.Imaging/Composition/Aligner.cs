using NanoBanana.Extensions.Imaging;
using NanoBanana.Imaging.Measures;

namespace NanoBanana.Imaging.Composition;

/// <summary>Finds the position of a picture in another: from a thumbnail to the full size, each step searching around
/// the previous result.</summary>
internal sealed class Aligner
{
    private const int CoarseSide = 64;
    private const double FarthestShift = 0.08;
    private const double FarthestScale = 0.08;
    private const int MostSamples = 20_000;

    // Larger differences mean a changed pixel, not a shift, so they are capped.
    private const float Clip = 0.12f;

    // An alignment must reduce the difference to less than this: a changed picture has a best position too, but no
    // shift.
    private const double Convincing = 0.8;
    private const double Unlike = 0.5 * Clip;

    private readonly Lightness _source;
    private readonly Lightness _result;
    private readonly byte[] _mask;
    private readonly int _maskWidth;
    private readonly double _toMask;
    private readonly double _farthest;
    private readonly float[] _apart;
    private readonly int _step;

    private Aligner(Lightness source, Lightness result, byte[] mask, int maskWidth, double toMask)
    {
        (_source, _result, _mask, _maskWidth, _toMask) = (source, result, mask, maskWidth, toMask);
        _step = Math.Max(1, (int)Math.Sqrt((double)source.Width * source.Height / MostSamples));
        _apart = new float[((source.Width / _step) + 1) * ((source.Height / _step) + 1)];
        _farthest = FarthestShift * Math.Max(source.Width, source.Height);
    }

    /// <summary>Finds the alignment.</summary>
    /// <param name="source">The one picture.</param>
    /// <param name="result">The other, of the same size.</param>
    /// <param name="mask">Pixels of the source to ignore: those that are not 0.</param>
    /// <param name="cancellationToken">Stops between the steps.</param>
    public static PictureAlignment Find(Lightness source, Lightness result, byte[] mask,
        CancellationToken cancellationToken)
    {
        var levels = new Stack<Aligner>();
        int width = source.Width;
        for (double factor = 1; ; factor *= 2)
        {
            levels.Push(new Aligner(source, result, mask, width, factor));
            if (Math.Max(source.Width, source.Height) <= CoarseSide) break;
            (source, result) = (source.Half(), result.Half());
        }
        PictureAlignment found = levels.Peek().Search();
        Aligner level = levels.Pop();
        for (; levels.Count > 0; level = levels.Pop())
        {
            cancellationToken.ThrowIfCancellationRequested();
            found = level.Refine(found, finest: 0.2);
            found = found with { ShiftX = found.ShiftX * 2, ShiftY = found.ShiftY * 2 };
        }
        found = level.Refine(found, finest: 0.05);
        double left = level.Apart(found);
        return left < Unlike && left < Convincing * level.Apart(PictureAlignment.Same) ? found : PictureAlignment.Same;
    }

    private PictureAlignment Search()
    {
        PictureAlignment best = PictureAlignment.Same;
        double least = Apart(best);
        int reach = (int)Math.Ceiling(_farthest);
        for (double scale = 1 - FarthestScale; scale <= 1 + FarthestScale; scale += 0.02)
        {
            for (int y = -reach; y <= reach; y++)
            {
                for (int x = -reach; x <= reach; x++) Try(new PictureAlignment(x, y, scale), ref best, ref least);
            }
        }
        return best;
    }

    // A step in each direction; when none helps, half a step.
    private PictureAlignment Refine(PictureAlignment from, double finest)
    {
        PictureAlignment best = from;
        double least = Apart(best), side = Math.Max(_source.Width, _source.Height) / 2.0;
        Try(PictureAlignment.Same, ref best, ref least);
        for (double step = 1; step >= finest;)
        {
            PictureAlignment at = best;
            foreach (int way in (ReadOnlySpan<int>)[1, -1])
            {
                Try(at with { ShiftX = at.ShiftX + (way * step) }, ref best, ref least);
                Try(at with { ShiftY = at.ShiftY + (way * step) }, ref best, ref least);
                Try(at with { Scale = at.Scale + (way * step / side) }, ref best, ref least);
            }
            if (best == at) step /= 2;
        }
        return best;
    }

    private void Try(PictureAlignment alignment, ref PictureAlignment best, ref double least)
    {
        double apart = Apart(alignment);
        if (apart >= least) return;
        least = apart;
        best = alignment;
    }

    private double Apart(PictureAlignment alignment)
    {
        if (Math.Max(Math.Abs(alignment.ShiftX), Math.Abs(alignment.ShiftY)) > _farthest + 1
            || Math.Abs(alignment.Scale - 1) > FarthestScale + 0.01)
        {
            return double.MaxValue;
        }
        double middleX = (_source.Width - 1) / 2.0, middleY = (_source.Height - 1) / 2.0;
        int all = 0, count = 0;
        float total = 0, sum = 0;
        for (int y = _step / 2; y < _source.Height; y += _step)
        {
            double toY = middleY + ((y - middleY) * alignment.Scale) + alignment.ShiftY;
            int maskRow = (int)(y * _toMask) * _maskWidth;
            for (int x = _step / 2; x < _source.Width; x += _step)
            {
                if (_mask[maskRow + (int)(x * _toMask)] != 0) continue;
                all++;
                float value = _result.At(middleX + ((x - middleX) * alignment.Scale) + alignment.ShiftX, toY);
                if (float.IsNaN(value)) continue;
                float apart = Math.Clamp(value - _source[x, y], -Clip, Clip);
                _apart[count++] = apart;
                total += apart;
            }
        }
        // With a small overlap, any position would fit.
        if (count == 0 || count < all * 0.6) return double.MaxValue;
        // A picture that only became lighter has not moved.
        float lighter = total / count;
        foreach (float apart in _apart.AsSpan(0, count)) sum += Math.Abs(apart - lighter);
        return sum / count;
    }
}
