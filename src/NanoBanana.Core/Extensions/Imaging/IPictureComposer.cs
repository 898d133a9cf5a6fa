namespace NanoBanana.Extensions.Imaging;

/// <summary>Restores what an edit was not meant to change. Thread-safe.</summary>
public interface IPictureComposer
{
    /// <summary>Composes an edit's result with its source: everything outside the region comes from the
    /// source.</summary>
    /// <param name="source">The picture that was edited; it gives the size.</param>
    /// <param name="result">The model's picture.</param>
    /// <param name="options">The parts that may change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NbException">One of them cannot be read, or a region lies outside (Nb.Picture.*).</exception>
    ComposedPicture Compose(PictureSource source, PictureSource result, ComposeOptions options,
        CancellationToken cancellationToken = default);
}
