using System.Net;
using System.Net.Sockets;
using System.Text;
using NanoBanana.Images;
using NanoBanana.Tests.Pictures;
using NanoBanana.Pictures;

namespace NanoBanana.Tests.Images;

public sealed class ImageAddressTests
{
    [Fact]
    public void A_data_url_may_hold_a_video_or_a_document_to_look_at()
    {
        Picture video = Of("video/mp4", MediaSamples.Mp4(3)), paper = Of("application/pdf", "%PDF-1.7\n"u8.ToArray());

        Assert.Equal(("video/mp4", false), (video.Format.MimeType, video.IsImage));
        Assert.Equal(("application/pdf", false), (paper.Format.MimeType, paper.IsImage));
        Assert.Equal("Nb.File.NotAnImage",
            Assert.Throws<NbException>(() => Of("video/mp4", "words"u8.ToArray())).ErrorId);

        static Picture Of(string type, byte[] bytes) =>
            ImageAddress.InputOfDataUrl($"data:{type};base64,{Convert.ToBase64String(bytes)}");
    }

    [Fact]
    public async Task The_host_of_a_picture_gets_a_user_agent_but_no_key()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<NbImage> fetched =
            ImageAddress.FetchAsync($"http://{listener.LocalEndpoint}/fox.png", CancellationToken.None);
        using TcpClient client = await listener.AcceptTcpClientAsync();
        await using NetworkStream stream = client.GetStream();
        var lines = new List<string>();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        for (string? line; (line = await reader.ReadLineAsync()) is { Length: > 0 };) lines.Add(line);
        byte[] picture = [0x89, .. "PNG\r\n\u001A\n"u8];
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {picture.Length}\r\n\r\n"));
        await stream.WriteAsync(picture);

        Assert.Equal("image/png", (await fetched).MimeType);
        Assert.Contains(lines, line => line.StartsWith("User-Agent: NanoBanana.PowerShell/", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line =>
            line.Contains("key", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("Authorization", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://me:a-secret@127.0.0.1:1/x.png", "http://127.0.0.1:1/x.png")]
    [InlineData("http://127.0.0.1:1/x.png?sig=a-secret#a-secret", "http://127.0.0.1:1/x.png")]
    [InlineData("https://me:a-secret@127.0.0.1:99999/x.png", "'https:'")]
    [InlineData("ftp://me:a-secret@127.0.0.1/x.png", "'ftp:'")]
    public async Task An_address_is_shown_without_possible_secrets(string address, string told)
    {
        NbException e =
            await Assert.ThrowsAsync<NbException>(() => ImageAddress.FetchAsync(address, CancellationToken.None));

        Assert.Equal("Nb.File.AddressUnreadable", e.ErrorId);
        Assert.Contains(told, e.Message);
        Assert.DoesNotContain("a-secret", e.ToString());
        Assert.DoesNotContain("a-secret", $"{e.Target}");
    }
}
