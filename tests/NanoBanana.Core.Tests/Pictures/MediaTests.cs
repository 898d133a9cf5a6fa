using System.Text;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Pictures;

public sealed class MediaTests
{
    public static TheoryData<byte[], string, string> Files() => new()
    {
        { MediaSamples.Mp4(2), "video/mp4", "video" },
        { MediaSamples.Mp4(2, "mp42"), "video/mp4", "video" },
        { MediaSamples.Mp4(2, "qt  "), "video/quicktime", "video" },
        { MediaSamples.Mp4(2, "3gp5"), "video/3gpp", "video" },
        { MediaSamples.Webm(2), "video/webm", "video" },
        { [.. "RIFF"u8, 9, 0, 0, 0, .. "AVI LIST"u8], "video/avi", "video" },
        { [.. "FLV"u8, 1, 5, 0, 0, 0, 9], "video/x-flv", "video" },
        { [0, 0, 1, 0xBA, 0x44, 0], "video/mpeg", "video" },
        { [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6], "video/wmv", "video" },
        { MediaSamples.Pdf(1), "application/pdf", "document" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_video_or_a_document_is_recognized_by_its_bytes_not_by_its_name(byte[] bytes, string type, string kind)
    {
        Picture input = Picture.FromInput(Blob.FromBytes(bytes), "named.txt");

        Assert.Equal((type, kind, false), (input.DeclaredType, input.Format.Kind, input.IsImage));
        Assert.Equal("Nb.File.NotAnImage",
            Assert.Throws<NbException>(() => Picture.FromBlob(Blob.FromBytes(bytes), "named.png")).ErrorId);
    }

    [Theory]
    [InlineData("ID3 a song")]
    [InlineData("some words")]
    [InlineData("\u0000\u0000\u0000\u001cftypM4A isom")]
    public void Anything_else_is_refused(string text) => Assert.Equal("Nb.File.NotAnImage",
        Assert.Throws<NbException>(() => Picture.FromInput(Blob.FromBytes(Encoding.ASCII.GetBytes(text)), "clip.mp4"))
            .ErrorId);

    [Fact]
    public void Seconds_and_pages_are_read_or_else_unknown()
    {
        Assert.Equal(63, LengthOf(MediaSamples.Mp4(63)));
        Assert.Equal(8, LengthOf(MediaSamples.Webm(7.2)));
        Assert.Equal(3, LengthOf(MediaSamples.Pdf(3)));
        Assert.Equal(12, LengthOf(MediaSamples.Pdf(12, isPacked: true)));
        Assert.Null(LengthOf(MediaSamples.Pdf(0)));
        Assert.Null(LengthOf(MediaSamples.Mp4(63)[..40]));
        Assert.Null(LengthOf([0, 0, 1, 0xBA, 0x44, 0]));
    }

    [Fact]
    public void An_element_at_the_very_end_of_what_is_read_has_no_length()
    {
        byte[] video = MediaSamples.Webm(7);
        byte[] cut = [.. video.AsSpan(0, 40), 0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 0x2A, 0xD7, 0xB1];

        Assert.Null(Record.Exception(() => LengthOf(cut)));
    }

    [Theory]
    [InlineData("https://youtu.be/a", false, true)]
    [InlineData(" https://youtu.be/a\n", false, true)]
    [InlineData("https://host/fox.png", false, false)]
    [InlineData(" https://host/fox.png ", true, true)]
    [InlineData("fox.png", true, false)]
    public void One_rule_decides_which_addresses_are_sent_as_addresses(string text, bool byReference, bool isSent)
    {
        Assert.Equal(isSent, MediaAddress.IsSent(text, byReference));
        if (isSent) Assert.Equal(text.Trim(), Picture.ByReference(text).Address);
    }

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=abc", "", "video", "www.youtube.com")]
    [InlineData("https://youtu.be/abc?si=x", "", "video", "youtu.be")]
    [InlineData("https://host/clips/run.MOV?X-Signature=s3cret", "video/quicktime", "video", "run.MOV")]
    [InlineData("gs://bucket/a/doc.pdf", "application/pdf", "document", "doc.pdf")]
    [InlineData("gs://bucket/fox.png", "image/png", "image", "fox.png")]
    public void An_address_is_sent_with_the_type_of_its_extension(string address, string type, string kind, string name)
    {
        Picture input = Picture.ByReference(address);

        Assert.Equal((address, type, kind, name, false),
            (input.Address, input.DeclaredType, input.Format.Kind, input.Name, input.IsImage));
    }

    [Theory]
    [InlineData("https://host/clip", null, "Nb.Request.UnknownInputType")]
    [InlineData("https://host/clip", "audio/mp3", "Nb.Request.UnknownInputType")]
    [InlineData("https://host/fox.gif", null, "Nb.Request.UnsupportedInput")]
    [InlineData("http://host/fox.png", null, "Nb.Request.NotAnAddress")]
    [InlineData("file:///tmp/fox.png", null, "Nb.Request.NotAnAddress")]
    [InlineData("fox.png", null, "Nb.Request.NotAnAddress")]
    public void An_address_that_cannot_be_sent_is_refused(string address, string? type, string id) =>
        Assert.Equal(id, Assert.Throws<NbException>(() => Picture.ByReference(address, type)).ErrorId);

    [Fact]
    public void A_type_can_be_given_and_no_name_shows_a_secret_of_the_address()
    {
        Picture input = Picture.ByReference("https://u:pw@host/clip?token=s3cret", "video/mp4");

        Assert.Equal("video/mp4", input.DeclaredType);
        Assert.Equal("https://host/clip", MediaAddress.Plain(input.Address!));
        Assert.DoesNotContain("s3cret", input.ToString());
    }

    private static int? LengthOf(byte[] bytes)
    {
        Picture input = Picture.FromInput(Blob.FromBytes(bytes), "sample");
        return MediaLength.Of(input.Data, input.Format);
    }
}
