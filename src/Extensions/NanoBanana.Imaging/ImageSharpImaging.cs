using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>What Core asks of pixels, done with ImageSharp.</summary>
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
    public PictureResult Sheet(IReadOnlyList<SheetCell> cells, SheetOptions options, CancellationToken cancellationToken = default) =>
        ContactSheet.Draw(cells, options, _decoder, cancellationToken);

    /// <inheritdoc/>
    public PictureComparison Compare(
        PictureSource before, PictureSource after, CompareOptions options, CancellationToken cancellationToken = default)
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
    public RasterPicture Raster(PictureSource source, int maxWidth, int maxHeight)
    {
        using Image<Rgba32> image = _decoder.Decode(source);
        if (image.Width > maxWidth || image.Height > maxHeight)
        {
            image.Mutate(edit => edit.Resize(new ResizeOptions { Size = new Size(maxWidth, maxHeight), Mode = ResizeMode.Max }));
        }
        byte[] pixels = new byte[image.Width * image.Height * 4];
        image.CopyPixelDataTo(pixels);
        return new RasterPicture(image.Width, image.Height, pixels);
    }
}
