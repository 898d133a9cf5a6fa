using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>How drift is measured.</summary>
public sealed record DriftOptions
{
    /// <summary>Parts, in pixels of the picture before, that were meant to change and do not count.</summary>
    public ImmutableArray<PixelRegion> Except { get; init; } = [];

    /// <summary>Whether a shift and a change of scale are taken back first.</summary>
    public bool Align { get; init; } = true;
}
