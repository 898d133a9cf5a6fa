namespace NanoBanana.Images;

/// <summary>How far an image is from the one before it.</summary>
/// <param name="Before">The image before.</param>
/// <param name="After">The image after.</param>
/// <param name="Changed">Share of pixels that changed, 0 to 1.</param>
/// <param name="Distance">Perceptual distance: 0 is the same, 1 is nothing alike (1 less the mean structural
/// similarity).</param>
/// <param name="ShiftX">Pixels by which the whole picture moved to the right.</param>
/// <param name="ShiftY">Pixels by which the whole picture moved down.</param>
/// <param name="ChangedUnshifted">Share of pixels that still differ when the shift is taken back, 0 to 1.</param>
/// <param name="Sheet">Before, after and the map of differences side by side.</param>
public sealed record ImageComparison(
    NbImage Before, NbImage After, double Changed, double Distance, int ShiftX, int ShiftY, double ChangedUnshifted,
        NbImage Sheet)
{
    /// <summary>Whether the edit moved the whole picture.</summary>
    public bool IsShifted => ShiftX != 0 || ShiftY != 0;
}
