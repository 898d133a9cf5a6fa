namespace NanoBanana.Extensions.Imaging;

/// <summary>A picture to make from another.</summary>
public sealed record PictureTarget
{
    /// <summary>Width in pixels, 1 to 16384; null to follow the height.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, 1 to 16384; null to follow the width.</summary>
    public int? Height { get; init; }

    /// <summary>How it is fitted into another ratio.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Contain;

    /// <summary>png, jpeg or webp.</summary>
    public required string Format { get; init; }

    /// <summary>1 to 100, for jpeg and webp; null for 90.</summary>
    public int? Quality { get; init; }

    /// <summary>Color (#rrggbb) behind transparent parts and around a padded picture; null for transparent, or white in
    /// a JPEG.</summary>
    public string? Background { get; init; }
}
