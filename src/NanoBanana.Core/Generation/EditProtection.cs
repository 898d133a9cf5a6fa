using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>What an edit may change of its source: everything else is copied back.</summary>
/// <param name="imaging">Composes.</param>
/// <param name="source">The picture that is edited.</param>
/// <param name="options">Where it may differ.</param>
/// <param name="words">The options in words, for the sidecar.</param>
/// <param name="maximumDrift">Gray levels by which what is copied back may have moved; null for any.</param>
internal sealed class EditProtection(IImaging imaging, NbImage source, ComposeOptions options, string words,
    double? maximumDrift)
{
    /// <summary>The protection that a request asks for, checked before anything is paid for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="imaging">The extension, asked only where it is needed.</param>
    /// <param name="pathOf">Makes a full path of the mask's.</param>
    /// <param name="once">Looks at what has a name, unless it was found good before.</param>
    /// <returns>Null when it asks for none.</returns>
    /// <exception cref="NbException">There is no source, a region is none or lies outside of it, a picture cannot be
    /// read, or a mask has another shape or says nothing.</exception>
    internal static EditProtection? Of(ImageRequest request, Func<IImaging> imaging, Func<string, string> pathOf,
        Action<string, Action> once)
    {
        if (request is { Region: null, Mask: null } && request.Protect != true) return null;
        NbImage source = request.Source ?? throw RequestErrors.NothingToProtect(request.Prompt);
        IImaging extension = imaging();
        ImmutableArray<PixelRegion> regions = RegionsOf(request, source);
        Picture? picture = request.Mask is { } path ? Picture.FromFile(pathOf(path)) : null;
        PictureSource? mask = picture?.ToSource();
        // A picture that cannot be decoded is found now, not when the edit is paid for.
        if (mask is not null)
        {
            once($"mask {picture!.Sha256} {source.Width}x{source.Height}",
                () => EditMask.Demand(extension, picture, source.Width, source.Height));
        }
        once(source.Sha256, () => extension.Raster(source.ToSource(), 8, 8));
        string words = string.Join(", ", new[]
        {
            regions.IsEmpty ? null : $"region {request.Region}",
            request.Mask is { } name ? $"mask {Path.GetFileName(name)}" : null,
            regions.IsEmpty && mask is null ? "change map" : null,
        }.OfType<string>());
        return new EditProtection(extension, source, new ComposeOptions { Regions = regions, Mask = mask }, words,
            request.MaximumDrift);
    }

    /// <summary>The regions that a request names, each wholly inside its source.</summary>
    /// <exception cref="NbException">One is none, or lies outside.</exception>
    public static ImmutableArray<PixelRegion> RegionsOf(ImageRequest request, NbImage source)
    {
        ImmutableArray<PixelRegion> regions =
        [
            .. (request.Region ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(PixelRegion.Parse),
        ];
        foreach (PixelRegion region in regions) region.Demand(source.ToString(), source.Width, source.Height);
        return regions;
    }

    /// <summary>Lays an edit over its source, and copies back what was not meant.</summary>
    /// <param name="made">What the model made, saved or not.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The composed picture: it goes on with the model's conversation, whose picture it is not.</returns>
    public NbImage Apply(NbImage made, CancellationToken cancellationToken)
    {
        ComposedPicture composed = imaging.Compose(source.ToSource(), made.ToSource(), options, cancellationToken);
        string how = string.Create(CultureInfo.InvariantCulture,
            $"edit protection ({words}): {composed.Kept:0.0%} copied back from the source; outside, the model's picture had moved {composed.DriftOutside:0.##} gray levels and changed {composed.ChangedOutside:0.0%}; alignment {composed.Alignment}");
        NbImage derived = made.Derive(composed.Picture, how);
        ImmutableArray<string> warnings = [.. made.Warnings, .. derived.Warnings];
        if (maximumDrift is { } most && composed.DriftOutside > most)
        {
            warnings = warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"What was not meant to change had moved {composed.DriftOutside:0.##} gray levels, more than {most:0.##}; it was copied back."));
        }
        return derived with
        {
            Conversation = made.Conversation,
            References = made.References,
            Parent = source,
            ParentSha256 = source.Sha256,
            Warnings = warnings,
        };
    }
}
