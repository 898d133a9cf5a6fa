using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>The difference of one edit of a chain from the first picture and from the previous one.</summary>
public sealed record DriftPoint
{
    /// <summary>Its place in the chain, from 1; the first picture is 0 and has no point.</summary>
    public required int Step { get; init; }

    /// <summary>The picture of this step.</summary>
    public required NbImage Image { get; init; }

    /// <summary>What was asked for; null when unknown.</summary>
    public string? Prompt => Image.Prompt;

    /// <summary>Mean difference of a channel from the first picture, in levels of 0 to 255.</summary>
    public double MeanError => FromFirst.MeanError;

    /// <summary>Mean difference of a channel from the previous picture, in levels of 0 to 255.</summary>
    public double StepError => FromPrevious.MeanError;

    /// <summary>Distance of the mean colors from the first picture's, in OKLab: 0.02 is just visible.</summary>
    public double ColorDrift => FromFirst.ColorDrift;

    /// <summary>Bits by which the perceptual hash differs from the first picture's, 0 to 64.</summary>
    public int HashDistance => FromFirst.HashDistance;

    /// <summary>Sharpness relative to the first picture: below 1 the picture is softer.</summary>
    public double SharpnessRatio => FromFirst.SharpnessRatio;

    /// <summary>All measures against the first picture.</summary>
    public required PictureDrift FromFirst { get; init; }

    /// <summary>All measures against the previous picture.</summary>
    public required PictureDrift FromPrevious { get; init; }
}
