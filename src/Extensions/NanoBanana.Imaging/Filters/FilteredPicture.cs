namespace NanoBanana.Imaging.Filters;

/// <summary>The result of a filter: the remaining bytes, and the information read from the removed parts.</summary>
/// <param name="Length">Bytes that were kept, at the start of the buffer.</param>
/// <param name="Width">The larger of all widths that the file claims, in pixels.</param>
/// <param name="Height">The larger of all heights that the file claims, in pixels.</param>
internal sealed record FilteredPicture(int Length, int Width, int Height)
{
    /// <summary>The EXIF orientation, 1 to 8.</summary>
    public ushort Orientation { get; init; } = 1;

    /// <summary>The color profile; null for none, or one that is too large.</summary>
    public byte[]? Profile { get; init; }
}
