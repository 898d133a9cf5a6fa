using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Images;

/// <summary>Headers written by hand after the formats' specifications.</summary>
public sealed class PictureInfoTests
{
    public static TheoryData<string, string> Headers => new()
    {
        { "89504E470D0A1A0A 0000000D 49484452 00000560 00000300 08020000 00", "image/png 1376x768" },
        { "474946383961 4001 F000 F70000", "image/gif 320x240" },
        { "FFD8 FFE0 0004 0000 FFFF C0 0011 08 0300 0560 03 012200 021101 031101 FFD9", "image/jpeg 1376x768" },
        { "FFD8 FFEB 0006 4A500001 FFC4 0003 00 FFC2 000B 08 1000 2000 01 011100", "image/jpeg 8192x4096" },
        { "FFD8 FFDA 0002 FFC0 000B 08 0300 0560 01 011100", "image/jpeg" },
        { "FFD8 FFE0", "image/jpeg" },
        { "52494646 1A000000 57454250 56503820 0E000000 300100 9D012A 6005 0003 00000000", "image/webp 1376x768" },
        { "52494646 1A000000 57454250 5650384C 0E000000 2F 5FC5BF00 0000000000000000", "image/webp 1376x768" },
        { "52494646 1A000000 57454250 56503858 0A000000 00000000 5F0500 FF0200 0000", "image/webp 1376x768" },
        { "00000018 66747970 68656963 00000000 6D696631 68656963 00000014 69737065 00000000 00000140 000000F0 00000014 69737065 00000000 00000560 00000300",
            "image/heic 1376x768" },
        { "00000018 66747970 6D696631 00000000 6D696631 61766966", "image/heif" },
        { "89504E470D0A1A0A 0000000D 49484452 00000000 00000300 08020000 00", "image/png" },
        { "3C21444F43545950452068746D6C3E", "none" },
        { "", "none" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Format_and_pixels_are_read_from_a_header(string hex, string expected)
    {
        PictureInfo? info = PictureInfo.Read(Blob.FromBytes(Convert.FromHexString(hex.Replace(" ", ""))));
        string told = info is null ? "none" : $"{info.Format} {info.Size}".TrimEnd();
        Assert.Equal(expected, told);
    }

    [Fact]
    public void A_header_cut_off_anywhere_does_no_harm()
    {
        foreach (object[] row in Headers)
        {
            byte[] bytes = Convert.FromHexString(((string)row[0]).Replace(" ", ""));
            for (int length = 0; length < bytes.Length; length++)
            {
                PixelSize? size = PictureInfo.Read(Blob.FromBytes(bytes.AsMemory(0, length)))?.Size;
                Assert.True(size is null or { Width: > 0, Height: > 0 });
            }
        }
    }
}
