using System.Net;
using NanoBanana.Emulator;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

/// <summary>Gateways without the Files API, or that refuse files when they are used: pictures go inside, and it is
/// learned once.</summary>
public sealed class UploadRefusalTests : IDisposable
{
    private readonly EmulatorFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(404, "<html>404</html>")]
    [InlineData(405, "")]
    [InlineData(501, "")]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(403, """{"error":"uploads are not allowed"}""")]
    public async Task Without_a_files_API_it_is_tried_once_and_pictures_are_sent_inline(int status, string body)
    {
        var gateway = new Gateway(_fixture, request => IsUpload(request) ? Answer(status, body) : null);
        using ImageService service = Connect(gateway);
        Anchor kael = await EmulatorFixture.AnchorAsync(_fixture.Connect(), "kael");

        var images = new List<NbImage>();
        for (int i = 0; i < 4; i++) images.Add(await EmulatorFixture.MakeAsync(service, $"scene {i}", kael));

        Assert.Equal(1, gateway.Refused);
        Assert.All(images, image =>
            Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]), EmulatorFixture.Bands(image)));
        Assert.Single(images.SelectMany(image => image.Warnings), warning =>
            warning.Contains("go inside the requests", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"error":{"code":403,"message":"Access denied.","status":"PERMISSION_DENIED"}}""")]
    [InlineData("""{"error":{"code":403,"message":"You do not have permission to access the File abc or it may not exist.","status":"PERMISSION_DENIED"}}""")]
    public async Task When_files_may_not_be_used_pictures_are_sent_inline_from_then_on(string refusal)
    {
        var gateway = new Gateway(_fixture, request => HasFile(request) ? Answer(403, refusal) : null);
        using ImageService service = Connect(gateway);
        Anchor kael = await EmulatorFixture.AnchorAsync(_fixture.Connect(), "kael");

        for (int i = 0; i < 5; i++)
        {
            Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]),
                EmulatorFixture.Bands(await EmulatorFixture.MakeAsync(service, $"scene {i}", kael)));
        }

        Assert.InRange(gateway.Refused, 1, 2);
    }

    [Fact]
    public async Task A_connection_that_uploads_nothing_sends_pictures_inside()
    {
        using ImageService service =
            Connect(new Gateway(_fixture, _ => null), options => options with { NoUpload = true });
        Anchor kael = await EmulatorFixture.AnchorAsync(_fixture.Connect(), "kael");

        for (int i = 0; i < 3; i++) await EmulatorFixture.MakeAsync(service, $"scene {i}", kael);

        Assert.Equal(0, _fixture.Uploads);
        NbException e =
            await Assert.ThrowsAsync<NbException>(() =>
            service.Client.UploadAsync(Blob.FromBytes(new byte[1]), "image/png"));
        Assert.Equal("Nb.Service.UploadsOff", e.ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_NoStore_every_call_asks_that_nothing_is_stored(bool noStore)
    {
        string? sent = null;
        var gateway = new Gateway(_fixture, request =>
        {
            sent = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
            return null;
        });
        using ImageService service = Connect(gateway, options => options with { NoStore = noStore });

        await EmulatorFixture.MakeAsync(service, "a fox");

        Assert.Equal(noStore, sent!.Contains("\"store\":false", StringComparison.Ordinal));
    }

    private static bool IsUpload(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.StartsWith("/upload/", StringComparison.Ordinal);

    private static bool HasFile(HttpRequestMessage request) => !IsUpload(request)
        && request.Content?.ReadAsStringAsync().GetAwaiter().GetResult()
        .Contains("fileData", StringComparison.Ordinal) == true;

    private static HttpResponseMessage Answer(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body) };

    private static ImageService Connect(Gateway gateway, Func<GeminiClientOptions, GeminiClientOptions>? change = null)
    {
        var options = new GeminiClientOptions { MaximumRetryCount = 0 };
        return new ImageService(
            new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey(EmulatorFixture.Key),
                change?.Invoke(options) ?? options, gateway), ModelCatalog.BuiltIn);
    }

    /// <summary>Answers what it likes itself; the emulator answers the rest.</summary>
    private sealed class Gateway(EmulatorFixture fixture, Func<HttpRequestMessage, HttpResponseMessage?> answer)
        : DelegatingHandler(new EmulatorHandler(fixture.Emulator))
    {
        public int Refused { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            if (answer(request) is not { } own) return base.SendAsync(request, cancellationToken);
            Refused++;
            return Task.FromResult(own);
        }
    }
}
