namespace NanoBanana.Extensions.Imaging;

/// <summary>An edit that kept what it was not meant to change.</summary>
public sealed record ComposedPicture
{
    /// <summary>The picture, of the source's size.</summary>
    public required PictureResult Picture { get; init; }

    /// <summary>Where the source lies in the model's picture; taken back in <see cref="Picture"/>.</summary>
    public required PictureAlignment Alignment { get; init; }

    /// <summary>Share of the picture that is the source's, bit for bit, 0 to 1.</summary>
    public required double Kept { get; init; }

    /// <summary>Mean difference of a channel between the model's picture and the source where the source was copied
    /// back, in levels of
    /// 0 to 255: the drift that this took away. 0 when nothing was copied.</summary>
    public required double DriftOutside { get; init; }

    /// <summary>Share of the pixels copied back that the model had changed visibly, 0 to 1.</summary>
    public required double ChangedOutside { get; init; }
}
