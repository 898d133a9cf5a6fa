using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>What is measured of a picture besides the rest.</summary>
public sealed record MeasureOptions
{
    /// <summary>Colors (#rrggbb) that the picture's palette is compared with, such as a brand's; empty for
    /// none.</summary>
    public ImmutableArray<string> Palette { get; init; } = [];

    /// <summary>Areas that something is written over.</summary>
    public ImmutableArray<PictureArea> Areas { get; init; } = [];

    /// <summary>The color (#rrggbb) of what is written there; null for black or white, whichever reads
    /// better.</summary>
    public string? TextColor { get; init; }

    /// <summary>The size, as a share of the picture, of an area whose calmest place is looked for; null to look for
    /// none.</summary>
    public (double Width, double Height)? Headline { get; init; }
}
