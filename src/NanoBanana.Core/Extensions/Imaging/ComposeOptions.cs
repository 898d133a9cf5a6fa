using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Where an edit may change its source. With neither regions nor a mask, the change map decides.</summary>
public sealed record ComposeOptions
{
    /// <summary>Parts that may change, in pixels of the source.</summary>
    public ImmutableArray<PixelRegion> Regions { get; init; } = [];

    /// <summary>A picture that is white where the source may change and black where not; it is stretched to the source.
    /// Null for none.</summary>
    public PictureSource? Mask { get; init; }

    /// <summary>Width in pixels, inwards from a region's edge, of the transition from source to result; null for a
    /// share of the picture.</summary>
    public int? Seam { get; init; }

    /// <summary>Distance in OKLab from which a pixel counts as changed in the change map.</summary>
    public double Threshold { get; init; } = 0.06;

    /// <summary>Whether a shift and a change of scale are undone.</summary>
    public bool Align { get; init; } = true;

    /// <summary>Whether the mean drift of color outside is also corrected inside, so that the seam is
    /// invisible.</summary>
    public bool MatchColor { get; init; } = true;

    /// <summary>png, jpeg or webp; only png keeps what was copied bit for bit.</summary>
    public string Format { get; init; } = "png";
}
