using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>Measures a picture, has it judged if needed, and checks the gates. Thread-safe.</summary>
/// <param name="meter">The measuring extension; null when nothing needs it.</param>
/// <param name="judge">The judge; null when nothing needs it.</param>
/// <param name="options">What the pictures should be like.</param>
public sealed class ImageChecker(IPictureMeter? meter, Judge? judge, CheckOptions options)
{
    /// <summary>Name of the gate for the score.</summary>
    internal const string ScoreGate = "score";

    private const int MostSurplus = 5;

    /// <summary>What the pictures should be like.</summary>
    public CheckOptions Options => options;

    /// <summary>The judge; null when nothing has to be judged.</summary>
    public Judge? Judge => options.NeedsJudge ? judge : null;

    /// <summary>The score a picture needs.</summary>
    public double MinimumScore => options.MinimumScore ?? options.Policy?.MinimumScore
        ?? judge?.Rules.MinimumScore ?? JudgeRules.BuiltIn.MinimumScore;

    /// <summary>Hash of all check options except the lowest score: a result with the same hash is still
    /// valid.</summary>
    internal string Question => Hashed.Of(
    [
        "check1", Judge?.Rules.Id, Judge?.Model.Id, Judge is null ? null : Hashed.Number(Judge.Votes),
        options.Prompt, options.Policy?.Sha256, options.Against?.Sha256, Hashed.Number(options.MaximumDrift),
        .. options.Text, .. options.Replaced.IsEmpty ? [] : options.Replaced.Prepend("replaced"), "references",
        .. options.References.SelectMany(one => new[] { one.Picture.Sha256, one.Role.ToString(), one.Name,
            one.Description }),
    ]);

    /// <summary>USD that checking one picture is expected to cost; 0 for what is only measured, null when
    /// unknown.</summary>
    public decimal? Estimate() => Judge is { } asked ? asked.Estimate(options.Question(Placeholder)) : 0;

    /// <summary>Checks a picture.</summary>
    /// <exception cref="NbException">It cannot be read, or the judge's answer cannot be understood.</exception>
    public async Task<ImageCheck> CheckAsync(NbImage image, CancellationToken cancellationToken = default)
    {
        // Free checks come first, so that a picture that cannot be read is not sent.
        PictureMeasures? measures = meter?.Measure(image.ToSource(), new MeasureOptions
        {
            Palette = options.Policy?.Colors ?? [],
            Areas = options.Policy is { } policy ? [.. policy.SafeAreas.Select(area => area.Area)] : [],
            TextColor = options.Policy?.TextColor,
        }, cancellationToken);
        PictureDrift? drift = meter is null ? null : DriftOf(meter, image, cancellationToken);
        Judgment? judgment = Judge is { } asked
            ? await asked.AskAsync(options.Question(image), cancellationToken).ConfigureAwait(false) : null;
        return Result(image, measures, drift, judgment);
    }

    private static NbImage Placeholder { get; } = new()
    {
        Data = Blob.FromBytes(Array.Empty<byte>()),
        Format = PictureFormat.Png,
    };

    private PictureDrift? DriftOf(IPictureMeter by, NbImage image, CancellationToken cancellationToken)
    {
        if (options.Against is { } before)
        {
            return by.Drift(before.ToSource(), image.ToSource(), new DriftOptions(), cancellationToken);
        }
        // In another scene of the same subject, shifts mean nothing, but colors and palette do.
        return options.References
            .Select(reference => From(reference.Picture))
            .OfType<PictureDrift>()
            .MinBy(drift => drift.PaletteDistance);

        PictureDrift? From(Picture reference)
        {
            try
            {
                return by.Drift(reference.ToSource(), image.ToSource(), new DriftOptions { Align = false },
                    cancellationToken);
            }
            catch (NbException e) when (e.ErrorId == PictureErrors.UnsupportedId)
            {
                // A format that only the judge reads, such as HEIC, is not measured.
                return null;
            }
        }
    }

    private ImageCheck Result(NbImage image, PictureMeasures? measures, PictureDrift? drift, Judgment? judgment)
    {
        ImmutableArray<LetteringCheck> lettering =
            judgment is null ? [] : Lettering.Compare(options.Text, judgment.Lettering);
        ImmutableArray<AspectScore> aspects = judgment?.Aspects ?? [];
        if (!lettering.IsEmpty)
        {
            // The lettering is compared letter by letter: a judge tends to read what it expects.
            aspects = aspects.Add(new AspectScore("text", Math.Round(lettering.Average(line => line.Score), 3),
                string.Join(' ', lettering.Where(line => line.WrongLetters > 0))));
        }
        var gates = ImmutableArray.CreateBuilder<Gate>();
        double? score = judgment is null || (options.References.IsEmpty && options.Prompt is null && lettering.IsEmpty)
            ? null : ScoreOf(judgment, aspects);
        if (score is { } reached)
        {
            gates.Add(new Gate(ScoreGate, reached >= MinimumScore,
                FormattableString.Invariant($"{reached:0.##}, at least {MinimumScore:0.##}")));
        }
        foreach (LetteringCheck line in lettering) gates.Add(new Gate("text", line.WrongLetters == 0, line.ToString()));
        if (judgment is not null)
        {
            // The quotation marks differ from those in prompts: the next prompt repeats these words, and they must not
            // be drawn.
            gates.AddRange(Lettering.LeftStanding(options.Replaced, options.Text, judgment.Lettering)
                .Select(old => new Gate("text", false, $"\u2018{old}\u2019 is still in the picture.")));
        }
        ImmutableArray<string> surplus = lettering.IsEmpty ? [] : Lettering.Surplus(
            [.. options.Text, .. options.Known, .. options.Replaced, .. lettering.Select(line => line.Read)],
            judgment!.Lettering);
        if (drift is not null && options is { MaximumDrift: { } most, Against: not null })
        {
            gates.Add(new Gate("drift", drift.MeanError <= most,
                FormattableString.Invariant($"{drift.MeanError:0.##} gray levels, {most:0.##} at most")));
        }
        if (options.Policy is { } policy && measures is not null)
        {
            gates.AddRange(Judging.Gates.Of(policy, measures, judgment));
        }
        return new ImageCheck
        {
            Image = image,
            IsAccepted = gates.All(gate => gate.IsPassed),
            Score = score,
            MinimumScore = score is null ? null : MinimumScore,
            Aspects = aspects,
            Reasons = [.. gates.Where(gate => !gate.IsPassed && gate.Name != ScoreGate).Select(gate => gate.ToString()),
                .. judgment?.Reasons ?? [], .. SurplusWords(surplus)],
            Gates = gates.ToImmutable(),
            Lettering = lettering,
            Surplus = surplus,
            Measures = measures,
            Drift = drift,
            Cost = judgment is null ? 0 : judgment.Cost,
            Judge = judgment?.Judge,
            JudgeModel = judgment?.Model,
            Votes = judgment?.Votes ?? 0,
            Warnings = judgment?.Warnings ?? [],
        };
    }

    /// <summary>What is said of words that nothing named: they may be meant, so they are told and reject
    /// nothing.</summary>
    internal static IEnumerable<string> SurplusWords(ImmutableArray<string> surplus)
    {
        if (surplus.IsEmpty) yield break;
        string words = string.Join(", ", surplus.Take(MostSurplus).Select(text => $"\u2018{text}\u2019"));
        yield return surplus.Length == 1 ? $"{words} stands in the picture too, and no order names it."
            : $"{words}{(surplus.Length > MostSurplus ? $" and {surplus.Length - MostSurplus} more" : "")} stand in the "
                + "picture too, and no order names them.";
    }

    // Without references, only the lettering is scored.
    private double ScoreOf(Judgment judgment, ImmutableArray<AspectScore> aspects) =>
        options.References.IsEmpty && options.Prompt is null ? aspects.First(one => one.Name == "text").Score
            : judgment.Score;
}
