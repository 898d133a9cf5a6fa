namespace NanoBanana.Extensions.Imaging;

/// <summary>How a picture is fitted into a size of another ratio.</summary>
public enum PictureFit
{
    /// <summary>The whole picture, as large as fits; one side may be shorter.</summary>
    Contain,

    /// <summary>Fills the size; the excess is cut off evenly.</summary>
    Cover,

    /// <summary>The whole picture, padded with the background to fill the size.</summary>
    Pad,

    /// <summary>Stretched to the size.</summary>
    Exact,
}
