namespace NanoBanana.Extensions.Imaging;

/// <summary>The difference between two pictures.</summary>
public sealed record PictureComparison
{
    /// <summary>Share of pixels that changed, 0 to 1.</summary>
    public required double Changed { get; init; }

    /// <summary>1 less the mean structural similarity (SSIM) of the lightness: 0 is the same, 1 is nothing
    /// alike.</summary>
    public required double Distance { get; init; }

    /// <summary>Pixels of the first picture by which everything moved to the right.</summary>
    public required int ShiftX { get; init; }

    /// <summary>Pixels of the first picture by which everything moved down.</summary>
    public required int ShiftY { get; init; }

    /// <summary>Share of pixels that still differ after the shift is undone, 0 to 1.</summary>
    public required double ChangedUnshifted { get; init; }

    /// <summary>Whether both have the same ratio; otherwise the later one was stretched to compare.</summary>
    public required bool SameRatio { get; init; }

    /// <summary>Before, after and the map of differences side by side, as a PNG.</summary>
    public required PictureResult Sheet { get; init; }
}
