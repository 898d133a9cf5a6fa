using System.Collections.Concurrent;
using System.Collections.Immutable;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>Makes a rule from each request's options on scores, tries, policies and protection. Everything is checked
/// before anything is paid for.</summary>
/// <param name="service">The service that judges.</param>
/// <param name="policyAt">Reads the policy at a request's path.</param>
/// <param name="pathOf">Makes a mask's path a full path.</param>
public sealed class TryRules(ImageService service, Func<string, BrandPolicy> policyAt, Func<string, string> pathOf)
{
    private readonly ConcurrentDictionary<string, BrandPolicy> _policies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string?, int), Judge> _judges = new();

    // Hashes of pictures that could be decoded, because a plan is checked again when it is carried out.
    private readonly ConcurrentDictionary<string, bool> _decoded = new(StringComparer.Ordinal);

    /// <summary>Asks the service free of charge whether it has the judges of the rules, before anything is paid
    /// for.</summary>
    /// <exception cref="NbException">It does not (Nb.Judge.UnknownModel).</exception>
    public async Task DemandJudgesAsync(CancellationToken cancellationToken)
    {
        foreach (Judge judge in _judges.Values) await judge.DemandAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether options need a rule.</summary>
    public static bool Concerns(RequestOptions options) =>
        options.MinimumScore is not null || options.Policy is not null || options.MaximumTryCount > 1
        || options.MaximumDrift is not null || Protects(options) || options.Lettering is { IsEmpty: false };

    /// <summary>The rule for a request; null when every image is accepted.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayBeAlone">Whether there may be nothing to compare it with.</param>
    /// <param name="isSourceLater">Whether it edits a picture that has not been made yet.</param>
    /// <exception cref="NbException">A policy, judge, region or mask is wrong, or there is nothing to compare the image
    /// with.</exception>
    public TryRule? For(PreparedRequest request, bool mayBeAlone, bool isSourceLater = false)
    {
        ImageRequest asked = request.Request;
        if (!Concerns(asked)) return null;
        Lettering.Demand(asked.Lettering ?? []);
        BrandPolicy? policy = PolicyOf(asked);
        CheckOptions options = OptionsFor(asked, request.References, policy);
        if (asked.Lettering is { IsEmpty: false } && (asked.Source is not null || isSourceLater))
        {
            options = options with { Replaced = Lettering.ReplacedIn(asked.Prompt) };
        }
        if (asked.MinimumScore is not null && !options.NeedsJudge)
        {
            if (!mayBeAlone) throw JudgeErrors.NothingToCheck(asked.Prompt);
        }
        Judge? judge = options.NeedsJudge ? JudgeOf(asked) : null;
        // Inputs that could not be measured later are refused before anything is paid for.
        foreach (Picture picture in options.References.Select(one => one.Picture)) DemandReadable(picture);
        return new TryRule
        {
            MaximumTryCount = asked.MaximumTryCount ?? 1,
            Checker = options.IsEmpty ? null
                : new ImageChecker(options.NeedsMeter ? ImagingExtension.Current.Value : null, judge, options),
            Protection = isSourceLater ? null
                : EditProtection.Of(asked, () => ImagingExtension.Current.Value, pathOf, Once),
        };
    }

    // A failed check is run again the next time.
    private void Once(string what, Action look)
    {
        if (_decoded.ContainsKey(what)) return;
        look();
        _decoded.TryAdd(what, true);
    }

    private void DemandReadable(Picture picture) => Once(picture.Sha256, () =>
    {
        try
        {
            ImagingExtension.Current.Value.Raster(picture.ToSource(), 8, 8);
        }
        catch (NbException e) when (e.ErrorId == PictureErrors.UnsupportedId)
        {
            // A judge can still see the picture; it is only not measured.
        }
    });

    /// <summary>Hash of how a picture is composed, from the request's regions and masks; null when it is not
    /// composed.</summary>
    internal string? ProtectionOf(ImageRequest asked) => !Protects(asked) ? null : Hashed.Of(
    [
        "protection1", asked.Region is null ? null : string.Join(';', (asked.Region ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(region => PixelRegion.Parse(region).ToString())),
        asked.Mask is { } mask ? Picture.FromFile(pathOf(mask)).Sha256 : null,
        asked.Protect == true ? "protect" : null, Hashed.Number(asked.MaximumDrift),
    ]);

    /// <summary>Hash of what decides whether a picture is good enough, without its references, which the request hash
    /// contains; null when every picture is accepted.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="isEdit">Whether it edits a picture, including one that has not been made yet.</param>
    internal string? CheckOf(ImageRequest asked, bool isEdit)
    {
        bool isMeasured = isEdit && asked.MaximumDrift is not null && !Protects(asked);
        ImmutableArray<string> lettering = asked.Lettering ?? [];
        bool isChecked = asked.MinimumScore is not null || asked.Policy is { Length: > 0 } || !lettering.IsEmpty;
        if (!isChecked && !isMeasured) return null;
        BrandPolicy? policy = PolicyOf(asked);
        Judge? judge = MayBeJudged(asked) ? JudgeOf(asked) : null;
        return Hashed.Of(
        [
            "rule1", Hashed.Number(asked.MinimumScore), policy?.Sha256, judge?.Model.Id, judge?.Rules.Id,
            Hashed.Number(judge?.Votes), isMeasured ? Hashed.Number(asked.MaximumDrift) : null, ProtectionOf(asked),
            .. lettering,
        ]);
    }

    /// <summary>Refuses what a request says of its checks and nothing uses: it would count for nothing.</summary>
    /// <param name="asked">The request.</param>
    /// <exception cref="NbException">There is such an option (Nb.Judge.NothingJudged, Nb.Request.NothingToProtect).
    /// </exception>
    public void DemandUsed(ImageRequest asked)
    {
        if (Unused(asked, isEdit: asked.Source is not null).FirstOrDefault() is { } option)
        {
            throw NotUsed(option, asked.Prompt);
        }
    }

    /// <summary>Names of the options that a request gives and that nothing of it uses.</summary>
    internal IEnumerable<string> Unused(ImageRequest asked, bool isEdit)
    {
        if ((asked.Votes is not null || asked.JudgeModel is not null) && !MayBeJudged(asked))
        {
            yield return asked.Votes is not null ? "votes" : "judgeModel";
        }
        if (!isEdit && asked.MaximumDrift is not null) yield return "maximumDrift";
    }

    /// <summary>The error for such an option.</summary>
    internal static NbException NotUsed(string option, string prompt) => option == "maximumDrift"
        ? RequestErrors.NothingToProtect(prompt) : JudgeErrors.NothingJudged(option);

    private bool MayBeJudged(ImageRequest asked) =>
        asked.MinimumScore is not null || asked.Lettering is { IsEmpty: false }
        || PolicyOf(asked) is { } policy && (policy.NeedsJudge || policy.MinimumScore is not null);

    private BrandPolicy? PolicyOf(ImageRequest asked) =>
        asked.Policy is { Length: > 0 } path ? _policies.GetOrAdd(path, policyAt) : null;

    /// <summary>Whether an edit restores the rest of its source.</summary>
    internal static bool Protects(RequestOptions options) =>
        options.Region is not null || options.Mask is not null || options.Protect == true;

    private Judge JudgeOf(ImageRequest asked) =>
        _judges.GetOrAdd((asked.JudgeModel, asked.Votes ?? 1), key => service.Judge(key.Item1, key.Item2));

    private static CheckOptions OptionsFor(ImageRequest asked, ImmutableArray<Reference> sent, BrandPolicy? policy)
    {
        // When everything else is restored, nothing else has changed.
        bool isMeasured = asked is { MaximumDrift: not null, Source: not null, Mask: null } && asked.Protect != true;
        var options = new CheckOptions
        {
            Policy = policy,
            Against = isMeasured && asked.Region is null ? asked.Source : null,
            MaximumDrift = asked.MaximumDrift,
            Known = Lettering.OrderedIn(asked.Prompt),
        };
        ImmutableArray<string> lettering = asked.Lettering ?? [];
        // The brand's score applies to anything that can be compared.
        if (asked.MinimumScore is null && policy?.MinimumScore is null) return options with { Text = lettering };
        ImmutableArray<Reference> references = [.. sent.Concat(asked.Source?.References ?? [])
            .Where(reference => reference.Picture.IsImage)
            .DistinctBy(reference => reference.Picture.Sha256)];
        // An edit without anchors is compared with its source.
        if (references.IsEmpty && asked.Source is { } source) references = [new Reference(source.ToPicture())];
        return options with
        {
            References = references,
            // An anchor with only a description cannot be compared.
            Prompt = references.IsEmpty ? null : asked.Prompt,
            Text = lettering.IsEmpty ? Lettering.OrderedIn(asked.Prompt) : lettering,
            MinimumScore = asked.MinimumScore,
        };
    }
}
