using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Where an edit may change its source. With neither regions nor a mask, the change map says where it
/// did.</summary>
public sealed record ComposeOptions
{
    /// <summary>Parts that may change, in pixels of the source.</summary>
    public ImmutableArray<PixelRegion> Regions { get; init; } = [];

    /// <summary>A picture that is white where the source may change and black where not; it is stretched to the source.
    /// Null for none.</summary>
    public PictureSource? Mask { get; init; }

    /// <summary>Over how many pixels, inwards from a region's edge, the source becomes the result; null for a share of
    /// the picture.</summary>
    public int? Seam { get; init; }

    /// <summary>How far a pixel must be from the source to count as changed in the change map, in OKLab.</summary>
    public double Threshold { get; init; } = 0.06;

    /// <summary>Whether a shift and a change of scale are taken back.</summary>
    public bool Align { get; init; } = true;

    /// <summary>Whether the mean drift of color outside is taken back inside too, so that the seam does not
    /// show.</summary>
    public bool MatchColor { get; init; } = true;

    /// <summary>png, jpeg or webp; only png keeps what was copied bit for bit.</summary>
    public string Format { get; init; } = "png";
}
