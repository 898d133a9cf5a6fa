namespace NanoBanana.Extensions.Imaging;

/// <summary>Keeps what an edit was not meant to change. Safe to use from many threads.</summary>
public interface IPictureComposer
{
    /// <summary>Lays an edit's result over its source, and copies everything outside the region back from the
    /// source.</summary>
    /// <param name="source">The picture that was edited; it gives the size.</param>
    /// <param name="result">What the model made of it.</param>
    /// <param name="options">Where it may differ.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NbException">One of them cannot be read, or a region lies outside (Nb.Picture.*).</exception>
    ComposedPicture Compose(PictureSource source, PictureSource result, ComposeOptions options,
        CancellationToken cancellationToken = default);
}
