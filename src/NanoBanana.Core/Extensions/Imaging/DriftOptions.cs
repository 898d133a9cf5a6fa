using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Options for measuring drift.</summary>
public sealed record DriftOptions
{
    /// <summary>Parts that were meant to change and are ignored, in pixels of the previous picture.</summary>
    public ImmutableArray<PixelRegion> Except { get; init; } = [];

    /// <summary>Whether a shift and a change of scale are undone first.</summary>
    public bool Align { get; init; } = true;
}
