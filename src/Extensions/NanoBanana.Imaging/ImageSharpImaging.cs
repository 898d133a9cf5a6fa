using NanoBanana.Extensions.Imaging;
using NanoBanana.Imaging.Composition;
using NanoBanana.Imaging.Measures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>Implements Core's operations on pixels with ImageSharp.</summary>
public sealed class ImageSharpImaging : IImaging
{
    private readonly PictureDecoder _decoder = new();

    /// <inheritdoc/>
    public long DecodeCount => _decoder.Count;

    /// <inheritdoc/>
    public IEnumerable<PictureResult> Convert(
        PictureSource source, IReadOnlyList<PictureTarget> targets, CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = _decoder.Decode(source, cancellationToken);
        foreach (PictureTarget target in targets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return PictureConverter.Convert(image, target, source.Name);
        }
    }

    /// <inheritdoc/>
    public PictureResult Sheet(IReadOnlyList<SheetCell> cells, SheetOptions options,
        CancellationToken cancellationToken = default) =>
        ContactSheet.Draw(cells, options, _decoder, cancellationToken);

    /// <inheritdoc/>
    public PictureComparison Compare(
        PictureSource before, PictureSource after, CompareOptions options,
            CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> first = _decoder.Decode(before, cancellationToken);
        using Image<Rgba32> second = _decoder.Decode(after, cancellationToken);
        return PictureComparer.Compare(first, second, options);
    }

    /// <inheritdoc/>
    public KeyedPicture KeyOut(PictureSource source, KeyOptions options, CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = _decoder.Decode(source, cancellationToken);
        return BackgroundKeyer.KeyOut(image, options);
    }

    /// <inheritdoc/>
    public PictureMeasures Measure(PictureSource source, MeasureOptions options,
        CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = _decoder.Decode(source, cancellationToken);
        return PictureMeter.Measure(image, source.Length, options);
    }

    /// <inheritdoc/>
    public PictureDrift Drift(PictureSource before, PictureSource after, DriftOptions options,
        CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> first = _decoder.Decode(before, cancellationToken);
        foreach (PixelRegion region in options.Except) region.Demand(before.Name, first.Width, first.Height);
        using Image<Rgba32> second = _decoder.Decode(after, cancellationToken);
        return PictureMeter.Drift(first, second, options, cancellationToken);
    }

    /// <inheritdoc/>
    public ComposedPicture Compose(
        PictureSource source, PictureSource result, ComposeOptions options,
            CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = _decoder.Decode(source, cancellationToken);
        foreach (PixelRegion region in options.Regions) region.Demand(source.Name, image.Width, image.Height);
        using Image<Rgba32> made = _decoder.Decode(result, cancellationToken);
        byte[]? mask = options.Regions.IsEmpty ? null : KeepMask.OfRegions(image.Width, image.Height, options.Regions);
        if (options.Mask is { } picture)
        {
            using Image<Rgba32> drawn = _decoder.Decode(picture, cancellationToken);
            byte[] own = KeepMask.OfPicture(drawn, image.Size());
            mask = mask is null ? own : [.. mask.Zip(own, Math.Max)];
        }
        return PictureComposer.Compose(image, made, mask, options, cancellationToken);
    }

    /// <inheritdoc/>
    public RasterPicture Raster(PictureSource source, int maxWidth, int maxHeight)
    {
        using Image<Rgba32> image = _decoder.Decode(source);
        if (image.Width > maxWidth || image.Height > maxHeight)
        {
            image.Mutate(edit =>
                edit.Resize(new ResizeOptions { Size = new Size(maxWidth, maxHeight), Mode = ResizeMode.Max }));
        }
        byte[] pixels = new byte[image.Width * image.Height * 4];
        image.CopyPixelDataTo(pixels);
        return new RasterPicture(image.Width, image.Height, pixels);
    }
}
