using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>What was found when an image was checked.</summary>
public sealed record ImageCheck
{
    /// <summary>The image.</summary>
    public required NbImage Image { get; init; }

    /// <summary>Full path of the image; null while it is not saved.</summary>
    public string? Path => Image.Path;

    /// <summary>Accepted or Rejected.</summary>
    public string Verdict => IsAccepted ? "Accepted" : "Rejected";

    /// <summary>Whether its score is high enough and every gate is passed.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>How well it keeps what it should, 0 to 1; null when no judge was asked.</summary>
    public double? Score { get; init; }

    /// <summary>The score it needed; null when no judge was asked.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>The same for each aspect.</summary>
    public ImmutableArray<AspectScore> Aspects { get; init; } = [];

    /// <summary>The character's face and features; null when it was not asked about.</summary>
    public double? Face => Of("face");

    /// <summary>The clothing; null when it was not asked about.</summary>
    public double? Clothing => Of("clothing");

    /// <summary>The colors; null when they were not asked about.</summary>
    public double? Colors => Of("colors");

    /// <summary>The style; null when it was not asked about.</summary>
    public double? Style => Of("style");

    /// <summary>The lettering, letter by letter; null when none was ordered.</summary>
    public double? Text => Of("text");

    /// <summary>What is wrong with it: gates first, then the judge's words.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The gates, passed or not.</summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>Lettering that was ordered, beside what was read back.</summary>
    public ImmutableArray<LetteringCheck> Lettering { get; init; } = [];

    /// <summary>What was measured of it, without a model.</summary>
    public PictureMeasures? Measures { get; init; }

    /// <summary>How far it is from the picture it was measured against: -Against, else the nearest reference; null for
    /// none.</summary>
    public PictureDrift? Drift { get; init; }

    /// <summary>USD of judging; 0 when it was only measured, null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What the judge's rules are called; null when no judge was asked.</summary>
    public string? Judge { get; init; }

    /// <summary>Id of the model that judged; null when none did.</summary>
    public string? JudgeModel { get; init; }

    /// <summary>Votes that counted.</summary>
    public int Votes { get; init; }

    /// <summary>Things to know that did not stop it.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Score is { } score ? FormattableString.Invariant($"{Verdict} ({score:0.##})")
        : Verdict;

    private double? Of(string aspect) => Aspects.FirstOrDefault(one => one.Name == aspect)?.Score;
}
