using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Judging;

/// <summary> Judges the pictures of a request. The last one is judged, or the one marked by the text; it is compared
/// with all others. The emulator's own pictures contain the truth: which references were used, and how many edits ago.
/// </summary>
internal static partial class VerdictReader
{
    private const double LossPerEdit = 0.01;
    private const double UnknownScore = 0.5;

    // Degrees of hue after which no color is what it was.
    private const double LostHue = 60;

    public static Verdict Read(GenerateRequest request)
    {
        (RequestMedia? judged, List<RequestMedia> references, string words) = Collect(request);
        if (judged is null)
        {
            return new Verdict
            {
                Spelling = 0,
                Problems = ["There is no picture to judge."],
                Summary = "The request holds no picture.",
            };
        }

        bool[] found = [.. references.Select(reference => IsIn(reference, judged))];
        int depth = judged.Picture?.Depth ?? 0;
        IReadOnlyList<string> lettering = judged.Picture?.Lettering ?? [];
        double share = Share(judged, references, found);
        double kept = share * Math.Max(0, 1 - (LossPerEdit * depth));
        double drifted = Math.Max(0, kept - ((judged.Picture?.Drift ?? 0) / 100));
        (double turned, int restyled) = Changed(judged, references);
        return new Verdict
        {
            Identity = Math.Round(kept, 3),
            Clothing = Math.Round(Math.Max(0, kept - (LossPerEdit * depth)), 3),
            Colors = Math.Round(Math.Max(0, drifted - (turned / LostHue)), 3),
            Style = Math.Round(restyled == 0 ? share : 0, 3),
            Spelling = Spelled(words, lettering),
            Depth = depth,
            Lettering = lettering,
            References = found,
            Problems = [.. Problems(judged, found, depth), .. ChangeProblems(turned, restyled)],
            Summary = Summary(judged, found, depth),
        };
    }

    private static (RequestMedia? Judged, List<RequestMedia> References, string Words) Collect(GenerateRequest request)
    {
        RequestMedia? named = null;
        List<RequestMedia> images = [];
        List<string> words = [request.SystemInstruction?.Text ?? ""];
        foreach (RequestTurn turn in request.Contents)
        {
            string label = "";
            foreach (RequestPart part in turn.Parts.Where(part => !part.Thought))
            {
                if (part.Media is { IsImage: true } image)
                {
                    images.Add(image);
                    if (Label().IsMatch(label.Trim())) named = image;
                    label = "";
                }
                else if (part.Text is { } text)
                {
                    words.Add(text);
                    label = text[(text.TrimEnd().LastIndexOf('\n') + 1)..];
                }
            }
        }

        RequestMedia? judged = named ?? images.LastOrDefault();
        return (judged, [.. images.Where(image => image != judged)], string.Join('\n', words));
    }

    private static bool IsIn(RequestMedia reference, RequestMedia judged)
    {
        if (reference.Hash == judged.Hash) return true;
        if (judged.Picture is not { } picture)
        {
            return PixelBands.IsIn(EmulatorPicture.BandFor(reference.Hash), judged)
                || PixelLikeness.IsSame(reference, judged);
        }
        return picture.Bands.Contains(EmulatorPicture.BandFor(reference.Hash))
            || (reference.Picture is { } source && (source.Seed == picture.Seed || HasAll(picture, source)));
    }

    // A sheet or a crop that the emulator drew from the same references shows the same character.
    private static bool HasAll(EmulatorPicture picture, EmulatorPicture source) =>
        source.Bands.Count > 0 && source.Bands.All(picture.Bands.Contains);

    private static double Share(RequestMedia judged, List<RequestMedia> references, bool[] found)
    {
        if (references.Count == 0) return 1;
        int present = found.Count(isThere => isThere);
        if (present > 0) return (double)present / references.Count;
        return judged.Picture is null && !PixelBands.CanRead(judged) ? UnknownScore : 0.1;
    }

    // What was done to the picture since the reference that it is an edit of.
    private static (double Turned, int Restyled) Changed(RequestMedia judged, List<RequestMedia> references)
    {
        if (judged.Picture is not { } picture) return (0, 0);
        EmulatorPicture? source = references.Select(reference => reference.Picture)
            .FirstOrDefault(one => one?.Seed == picture.Seed);
        if (source is null) return (0, 0);
        int turned = Math.Abs(picture.Hue - source.Hue);
        return (Math.Min(turned, 360 - turned), Math.Abs(picture.Restyled - source.Restyled));
    }

    private static IEnumerable<string> ChangeProblems(double turned, int restyled)
    {
        if (turned > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The colors are turned by {turned} degrees.");
        }
        if (restyled > 0) yield return "It is in another style.";
    }

    private static double Spelled(string words, IReadOnlyList<string> lettering)
    {
        IReadOnlyList<string> ordered = Drawing.Lettering.In(words);
        return ordered.Count == 0
            ? 1
            : Math.Round((double)ordered.Count(text =>
                lettering.Contains(text, StringComparer.Ordinal)) / ordered.Count, 3);
    }

    private static string[] Problems(RequestMedia judged, bool[] found, int depth)
    {
        List<string> problems = [];
        for (int index = 0; index < found.Length; index++)
        {
            if (!found[index])
            {
                problems.Add(
                    string.Create(CultureInfo.InvariantCulture, $"Reference {index + 1} is not in the picture."));
            }
        }

        if (depth >= 10)
        {
            problems.Add(
                string.Create(CultureInfo.InvariantCulture, $"The picture is {depth} edits deep; details are lost."));
        }
        if (judged.Picture is { Drift: >= 10 } picture)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"The colors are off by {picture.Drift:0.#} gray levels."));
        }

        return [.. problems];
    }

    private static string Summary(RequestMedia judged, bool[] found, int depth) => judged.Picture is null
        ? "The picture was not made here; only its pixels were compared."
        : string.Create(CultureInfo.InvariantCulture,
            $"{found.Count(isThere => isThere)} of {found.Length} references are in the picture; it is {depth} edits deep.");

    [GeneratedRegex(
        @"\b(result|candidate|judge|judged|generated|new (image|picture)|(image|picture) to (judge|check|test))\b[^\n]{0,40}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
