using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>The parts of its source that an edit may change: everything else is restored.</summary>
/// <param name="imaging">The imaging extension, which composes the picture.</param>
/// <param name="source">The source of the edit.</param>
/// <param name="options">The parts that may change.</param>
/// <param name="words">The options as text, for the sidecar.</param>
/// <param name="maximumDrift">Gray levels by which the restored parts may have drifted; null for any.</param>
internal sealed class EditProtection(IImaging imaging, NbImage source, ComposeOptions options, string words,
    double? maximumDrift)
{
    /// <summary>The protection that a request asks for, checked before anything is paid for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="imaging">Loads the imaging extension; called only when needed.</param>
    /// <param name="pathOf">Makes the mask's path a full path.</param>
    /// <param name="once">Runs the named check, unless it passed before.</param>
    /// <returns>Null when it asks for no protection.</returns>
    /// <exception cref="NbException">There is no source, a region is invalid or outside the source, a picture cannot be
    /// read, or a mask has another shape or is black or white all over.</exception>
    internal static EditProtection? Of(ImageRequest request, Func<IImaging> imaging, Func<string, string> pathOf,
        Action<string, Action> once)
    {
        if (request is { Region: null, Mask: null } && request.Protect != true) return null;
        NbImage source = request.Source ?? throw RequestErrors.NothingToProtect(request.Prompt);
        IImaging extension = imaging();
        ImmutableArray<PixelRegion> regions = RegionsOf(request, source);
        Picture? picture = request.Mask is { } path ? Picture.FromFile(pathOf(path)) : null;
        PictureSource? mask = picture?.ToSource();
        // A picture that cannot be decoded is refused now, before the edit is paid for.
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

    /// <summary>The regions of a request, each wholly inside its source.</summary>
    /// <exception cref="NbException">A region is invalid or outside the source.</exception>
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

    /// <summary>Composes an edit with its source: the parts that must not change are restored.</summary>
    /// <param name="made">The model's image, saved or not.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The composed picture: it continues the model's conversation, although the model did not make
    /// it.</returns>
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
