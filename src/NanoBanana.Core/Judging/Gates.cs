using NanoBanana.Extensions.Imaging;

namespace NanoBanana.Judging;

/// <summary>Checks a picture against each gate of a policy.</summary>
internal static class Gates
{
    private const double RatioTolerance = 0.02;

    public static IEnumerable<Gate> Of(BrandPolicy policy, PictureMeasures measures, Judgment? judgment)
    {
        if (measures.PaletteDistance is { } distance)
        {
            yield return new Gate("colors", distance <= policy.ColorDistance, FormattableString.Invariant(
                $"the colors are {distance:0.###} from the brand's, {policy.ColorDistance:0.###} at most"));
        }
        foreach ((SafeArea area, AreaMeasures found) in policy.SafeAreas.Zip(measures.Areas))
        {
            bool isCalm = found.Calm >= area.Calm;
            bool isReadable = found.TextContrast >= area.Contrast;
            yield return new Gate(area.Name, isCalm && isReadable, FormattableString.Invariant(
                $"calm {found.Calm:0.##} (at least {area.Calm:0.##}), contrast to {found.TextColor} {found.TextContrast:0.#} (at least {area.Contrast:0.#})"));
        }
        if (policy.MaximumBytes is { } most)
        {
            yield return new Gate("weight", measures.Length <= most,
                $"{Readable.Bytes(measures.Length)}, {Readable.Bytes(most)} at most");
        }
        if (policy.MinimumWidth is { } width)
        {
            yield return new Gate("width", measures.Width >= width, $"{measures.Width} pixels, at least {width}");
        }
        if (policy.MinimumHeight is { } height)
        {
            yield return new Gate("height", measures.Height >= height, $"{measures.Height} pixels, at least {height}");
        }
        if (policy.AspectRatio is { } ratio && PolicyReader.RatioOf(ratio) is { } wanted)
        {
            yield return new Gate("aspectRatio", Math.Abs((measures.Ratio / wanted) - 1) <= RatioTolerance,
                FormattableString.Invariant($"{measures.Width}x{measures.Height} is {measures.Ratio:0.###}, {ratio} is {wanted:0.###}"));
        }
        if (policy.Transparency != "any")
        {
            double share = measures.Transparent + measures.Translucent;
            yield return new Gate("transparency", policy.Transparency == "none" ? share == 0 : share > 0,
                FormattableString.Invariant($"{share:0.#%} is transparent, {policy.Transparency} is wanted"));
        }
        if (policy.MinimumContrast is { } contrast)
        {
            yield return new Gate("contrast", measures.Contrast >= contrast,
                FormattableString.Invariant($"{measures.Contrast:0.##}, at least {contrast:0.##}"));
        }
        if (policy.MinimumSharpness is { } sharp)
        {
            yield return new Gate("sharpness", measures.Sharpness >= sharp,
                FormattableString.Invariant($"{measures.Sharpness:0.##}, at least {sharp:0.##}"));
        }
        if (judgment is not null)
        {
            foreach (Gate gate in Judged(policy, judgment)) yield return gate;
        }
    }

    private static IEnumerable<Gate> Judged(BrandPolicy policy, Judgment judgment)
    {
        if (!policy.LogoPictures.IsEmpty && judgment.Aspects.FirstOrDefault(one => one.Name == "logo") is { } logo)
        {
            yield return new Gate("logo", logo.Score >= policy.LogoScore, FormattableString.Invariant(
                $"{logo.Score:0.##}, at least {policy.LogoScore:0.##}. {logo.Reason}").TrimEnd());
        }
        if (!policy.ForbiddenWords.IsEmpty)
        {
            string[] found = [.. policy.ForbiddenWords.Where(word =>
                Words.Stand(word, string.Join(' ', judgment.Lettering)))];
            yield return new Gate("forbiddenWords", found.Length == 0,
                found.Length == 0 ? "none is in the picture" : $"the picture says {string.Join(", ", found)}");
        }
        if (!policy.ForbiddenThings.IsEmpty)
        {
            yield return new Gate("forbiddenThings", judgment.Forbidden.IsEmpty,
                judgment.Forbidden.IsEmpty ? "none is in the picture"
                    : $"the picture shows {string.Join(", ", judgment.Forbidden)}");
        }
    }
}
