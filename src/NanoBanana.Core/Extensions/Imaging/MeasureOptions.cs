using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Additional measurements of a picture.</summary>
public sealed record MeasureOptions
{
    /// <summary>Colors (#rrggbb) that the picture's palette is compared with, such as a brand's; empty for
    /// none.</summary>
    public ImmutableArray<string> Palette { get; init; } = [];

    /// <summary>Areas that text is placed on.</summary>
    public ImmutableArray<PictureArea> Areas { get; init; } = [];

    /// <summary>The color (#rrggbb) of the text; null for black or white, whichever is more readable.</summary>
    public string? TextColor { get; init; }

    /// <summary>The size, as a share of the picture, of an area to place where the picture is calmest; null for
    /// none.</summary>
    public (double Width, double Height)? Headline { get; init; }
}
