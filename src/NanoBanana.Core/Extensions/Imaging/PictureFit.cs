namespace NanoBanana.Extensions.Imaging;

/// <summary>How a picture meets a size of another ratio.</summary>
public enum PictureFit
{
    /// <summary>Whole, as large as fits inside; one side may stay shorter.</summary>
    Contain,

    /// <summary>Fills the size; what stands over is cut off evenly.</summary>
    Cover,

    /// <summary>Whole, with the background around it to fill the size.</summary>
    Pad,

    /// <summary>Stretched to the size.</summary>
    Exact,
}
