namespace NanoBanana.Extensions.Imaging;

/// <summary>How far a picture has drifted from another, without the ignored parts.</summary>
public sealed record PictureDrift
{
    /// <summary>Mean difference of a channel, in levels of 0 to 255. A model's edit adds about 2.5 each time.</summary>
    public required double MeanError { get; init; }

    /// <summary>Distance of the mean colors in OKLab: 0.02 is just visible.</summary>
    public required double ColorDrift { get; init; }

    /// <summary>Distance of the palettes, in OKLab.</summary>
    public required double PaletteDistance { get; init; }

    /// <summary>Bits by which the perceptual hashes of the whole pictures differ, 0 to 64.</summary>
    public required int HashDistance { get; init; }

    /// <summary>Ratio of the sharpness after to before, of the whole pictures: below 1 it became softer.</summary>
    public required double SharpnessRatio { get; init; }

    /// <summary>The position of the previous picture in the new one.</summary>
    public required PictureAlignment Alignment { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"error {MeanError:0.##}, color {ColorDrift:0.###}, palette {PaletteDistance:0.###}, hash {HashDistance}, sharpness {SharpnessRatio:0.##}");
}
