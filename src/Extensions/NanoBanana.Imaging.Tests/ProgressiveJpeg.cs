namespace NanoBanana.Imaging.Tests;

/// <summary>Writes a gray progressive JPEG by hand: no encoder here makes one.</summary>
internal static class ProgressiveJpeg
{
    /// <summary>Makes one.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="scans">How many scans follow the first; each says of its coefficients that they are 0.</param>
    public static byte[] Make(int width, int height, int scans)
    {
        // One code of one bit each: no difference; and 16 blocks of zeros at the end of a band, which needs four bits
        // more.
        byte[] none = Table(0x00, 0x00), band = Table(0x10, 0x40);
        int blocks = ((width + 7) / 8) * ((height + 7) / 8);
        return
        [
            0xFF, 0xD8,
            .. FileParts.JpegSegment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. FileParts.JpegSegment(0xC2,
            [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
            .. FileParts.JpegSegment(0xC4, none), .. FileParts.JpegSegment(0xC4, band),
            .. FileParts.JpegSegment(0xDA, [1, 1, 0x00, 0, 0, 0]), .. new byte[(blocks + 7) / 8],
            .. Enumerable.Range(0, scans).SelectMany(i => (byte[])
            [
                .. FileParts.JpegSegment(0xDA, [1, 1, 0x00, (byte)(1 + (i % 63)), (byte)(1 + (i % 63)), 0]),
                .. new byte[((((blocks + 15) / 16) * 5) + 7) / 8],
            ]),
            0xFF, 0xD9,
        ];
    }

    private static byte[] Table(byte which, byte symbol) => [which, 1, .. new byte[15], symbol];
}
