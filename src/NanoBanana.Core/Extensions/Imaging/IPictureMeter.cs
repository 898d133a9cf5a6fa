namespace NanoBanana.Extensions.Imaging;

/// <summary>Measures pictures without a model: free and repeatable. Thread-safe.</summary>
public interface IPictureMeter
{
    /// <summary>Measures a picture by itself.</summary>
    /// <exception cref="NbException">It cannot be read (Nb.Picture.*).</exception>
    PictureMeasures Measure(PictureSource source, MeasureOptions options,
        CancellationToken cancellationToken = default);

    /// <summary>Measures how far a picture has drifted from the one it was made from.</summary>
    /// <exception cref="NbException">One of them cannot be read, or a region lies outside (Nb.Picture.*).</exception>
    PictureDrift Drift(PictureSource before, PictureSource after, DriftOptions options,
        CancellationToken cancellationToken = default);
}
