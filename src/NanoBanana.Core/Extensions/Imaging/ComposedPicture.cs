namespace NanoBanana.Extensions.Imaging;

/// <summary>An edit with the protected parts restored.</summary>
public sealed record ComposedPicture
{
    /// <summary>The picture, of the source's size.</summary>
    public required PictureResult Picture { get; init; }

    /// <summary>The position of the source in the model's picture; undone in <see cref="Picture"/>.</summary>
    public required PictureAlignment Alignment { get; init; }

    /// <summary>Share of the picture that equals the source bit for bit, 0 to 1.</summary>
    public required double Kept { get; init; }

    /// <summary>Mean difference of a channel between the model's picture and the source in the restored parts, in
    /// levels of 0 to 255: the drift that was removed. 0 when nothing was restored.</summary>
    public required double DriftOutside { get; init; }

    /// <summary>Share of the restored pixels that the model had changed visibly, 0 to 1.</summary>
    public required double ChangedOutside { get; init; }
}
