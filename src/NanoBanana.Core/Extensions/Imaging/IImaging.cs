using NanoBanana.Pictures;

namespace NanoBanana.Extensions.Imaging;

/// <summary>Operations on pixels, implemented by the imaging extension. Thread-safe.</summary>
/// <remarks>Every method refuses pictures that are larger than <see cref="PictureLimits"/>, damaged or truncated with
/// an <see cref="NbException"/> of an id Nb.Picture.*, before memory of their claimed size is allocated.</remarks>
public interface IImaging : IPictureMeter, IPictureComposer
{
    /// <summary>How many pictures were decoded since it was loaded.</summary>
    long DecodeCount { get; }

    /// <summary>Makes several pictures from one, which is decoded once.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="targets">What to make.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <returns>One result for each target, in their order; each is made on demand.</returns>
    IEnumerable<PictureResult> Convert(PictureSource source, IReadOnlyList<PictureTarget> targets,
        CancellationToken cancellationToken = default);

    /// <summary>Lays pictures out in a grid with captions.</summary>
    PictureResult Sheet(IReadOnlyList<SheetCell> cells, SheetOptions options,
        CancellationToken cancellationToken = default);

    /// <summary>Compares two pictures, and draws a map of the differences.</summary>
    PictureComparison Compare(PictureSource before, PictureSource after, CompareOptions options,
        CancellationToken cancellationToken = default);

    /// <summary>Makes a key color transparent, with soft edges and without its reflection on the subject.</summary>
    KeyedPicture KeyOut(PictureSource source, KeyOptions options, CancellationToken cancellationToken = default);

    /// <summary>The pixels of a picture, scaled down to fit; never enlarged.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="maxWidth">At least 1.</param>
    /// <param name="maxHeight">At least 1.</param>
    RasterPicture Raster(PictureSource source, int maxWidth, int maxHeight);
}
