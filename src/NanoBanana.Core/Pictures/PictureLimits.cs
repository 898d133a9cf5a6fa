namespace NanoBanana.Pictures;

/// <summary>Limits for one picture. The largest that a model makes has 19 million pixels.</summary>
public static class PictureLimits
{
    /// <summary>Pixels of a picture that is read or made.</summary>
    public const long Pixels = 100_000_000;

    /// <summary>Pixels of one side.</summary>
    public const int Side = 16_384;

    /// <summary>Bytes of a file that is read.</summary>
    public const long FileLength = 128L * 1024 * 1024;

    /// <summary>How long a picture may take to decode. The largest takes some seconds.</summary>
    public static TimeSpan DecodeTime { get; } = TimeSpan.FromMinutes(2);
}
