using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>The result of checking an image.</summary>
public sealed record ImageCheck
{
    /// <summary>The image.</summary>
    public required NbImage Image { get; init; }

    /// <summary>Full path of the image; null until it is saved.</summary>
    public string? Path => Image.Path;

    /// <summary>Accepted or Rejected.</summary>
    public string Verdict => IsAccepted ? "Accepted" : "Rejected";

    /// <summary>Whether its score is high enough and every gate is passed.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>How well it matches its references, 0 to 1; null when no judge was asked.</summary>
    public double? Score { get; init; }

    /// <summary>The score it needed; null when no judge was asked.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>The score of each aspect.</summary>
    public ImmutableArray<AspectScore> Aspects { get; init; } = [];

    /// <summary>Score of the character's face and features; null when not asked about.</summary>
    public double? Face => Of("face");

    /// <summary>Score of the clothing; null when not asked about.</summary>
    public double? Clothing => Of("clothing");

    /// <summary>Score of the colors; null when not asked about.</summary>
    public double? Colors => Of("colors");

    /// <summary>Score of the style; null when not asked about.</summary>
    public double? Style => Of("style");

    /// <summary>Score of the lettering, letter by letter; null when none was asked for.</summary>
    public double? Text => Of("text");

    /// <summary>What is wrong with it: failed gates first, then the judge's reasons.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The gates, passed or not.</summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>The lettering asked for, with what was read from the picture.</summary>
    public ImmutableArray<LetteringCheck> Lettering { get; init; } = [];

    /// <summary>Words that were read back too and that no order names: they may be meant, and reject
    /// nothing.</summary>
    public ImmutableArray<string> Surplus { get; init; } = [];

    /// <summary>The measurements, made without a model.</summary>
    public PictureMeasures? Measures { get; init; }

    /// <summary>Its difference from the picture given to compare with, or else from the nearest reference; null for
    /// none.</summary>
    public PictureDrift? Drift { get; init; }

    /// <summary>USD of judging; 0 when it was only measured, null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Name of the judge's rules; null when no judge was asked.</summary>
    public string? Judge { get; init; }

    /// <summary>Id of the model that judged; null when none did.</summary>
    public string? JudgeModel { get; init; }

    /// <summary>Votes that counted.</summary>
    public int Votes { get; init; }

    /// <summary>Warnings that did not stop the check.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Score is { } score ? FormattableString.Invariant($"{Verdict} ({score:0.##})")
        : Verdict;

    private double? Of(string aspect) => Aspects.FirstOrDefault(one => one.Name == aspect)?.Score;
}
