using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Measurements of a picture without a model.</summary>
public sealed record PictureMeasures
{
    /// <summary>In pixels, upright.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels, upright.</summary>
    public required int Height { get; init; }

    /// <summary>Width by height.</summary>
    public double Ratio => (double)Width / Height;

    /// <summary>The file's size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Share of pixels that are wholly transparent, 0 to 1.</summary>
    public required double Transparent { get; init; }

    /// <summary>Share of pixels that are partly transparent, 0 to 1.</summary>
    public required double Translucent { get; init; }

    /// <summary>The mean color (#rrggbb).</summary>
    public required string MeanColor { get; init; }

    /// <summary>Its most frequent colors, the largest share first.</summary>
    public required ImmutableArray<PaletteColor> Palette { get; init; }

    /// <summary>Distance of its colors from the given ones, weighted by their shares, in OKLab: 0 is the same, 0.02
    /// just visible; null when none were given.</summary>
    public required double? PaletteDistance { get; init; }

    /// <summary>A perceptual hash: pictures that look alike share most bits; see <see cref="PictureHash"/>.</summary>
    public required PictureHash Hash { get; init; }

    /// <summary>How sharp its edges are; only comparable between pictures of the same subject.</summary>
    public required double Sharpness { get; init; }

    /// <summary>Contrast between its darkest and its lightest 5 percent, 0 to 1.</summary>
    public required double Contrast { get; init; }

    /// <summary>The measured areas, in the given order.</summary>
    public required ImmutableArray<AreaMeasures> Areas { get; init; }

    /// <summary>The calmest place for a headline; null when none was asked for.</summary>
    public required AreaMeasures? Headline { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Width}x{Height}, {Readable.Bytes(Length)}, mean {MeanColor}, sharpness {Sharpness:0.#}, contrast {Contrast:0.##}");
}
