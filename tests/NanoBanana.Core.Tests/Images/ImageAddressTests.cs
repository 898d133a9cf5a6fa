using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

public sealed class ImageAddressTests
{
    [Theory]
    [InlineData("http://me:a-secret@127.0.0.1:1/x.png", "http://127.0.0.1:1/x.png")]
    [InlineData("http://127.0.0.1:1/x.png?sig=a-secret#a-secret", "http://127.0.0.1:1/x.png")]
    [InlineData("https://me:a-secret@127.0.0.1:99999/x.png", "'https:'")]
    [InlineData("ftp://me:a-secret@127.0.0.1/x.png", "'ftp:'")]
    public async Task An_address_is_told_without_what_may_be_secret(string address, string told)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(() => ImageAddress.FetchAsync(address, CancellationToken.None));

        Assert.Equal("Nb.File.AddressUnreadable", e.ErrorId);
        Assert.Contains(told, e.Message);
        Assert.DoesNotContain("a-secret", e.ToString());
        Assert.DoesNotContain("a-secret", $"{e.Target}");
    }
}
