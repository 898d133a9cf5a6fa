using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

public sealed class PictureTests
{
    [Theory]
    [InlineData(new byte[0], "Nb.File.Empty")]
    [InlineData(new byte[] { 1, 2, 3 }, "Nb.File.NotAnImage")]
    [InlineData(new byte[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9', (byte)'a', 1, 0, 1, 0 },
        "Nb.Request.UnsupportedInput")]
    public void A_file_that_cannot_be_sent_is_named(byte[] bytes, string id)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.png"], bytes);
        NbException e = Assert.Throws<NbException>(() => Picture.FromFile(folder["x.png"]));
        Assert.Equal(id, e.ErrorId);
        Assert.Contains("x.png", e.Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("Nb.File.NotFound", Assert.Throws<NbException>(() => Picture.FromFile("/nowhere/x.png")).ErrorId);

    [Fact]
    public void A_file_larger_than_the_services_limit_is_refused_without_reading()
    {
        NbException e = Assert.Throws<NbException>(() => Picture.FromBlob(new Unread(3L << 30), "big.png"));
        Assert.Equal("Nb.Picture.TooLarge", e.ErrorId);
        Assert.Equal("'big.png' has 3.0 GB; 2.0 GB are the limit.", e.Message);
    }

    private sealed class Unread(long length) : Blob
    {
        public override long Length => length;

        public override string Sha256 => throw new InvalidOperationException("It was hashed.");

        public override Stream OpenRead() => throw new InvalidOperationException("It was opened.");
    }
}
