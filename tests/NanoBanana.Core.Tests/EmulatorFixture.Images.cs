using System.Collections.Immutable;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Journal;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests;

/// <summary>Single images, and connections of their own.</summary>
internal sealed partial class EmulatorFixture
{
    public const string Key = "a-key-that-must-not-be-seen";

    private readonly List<IDisposable> _open = [];

    /// <summary>Posts that asked for an image, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Asked =>
        [.. Emulator.Journal.Entries.Where(entry => entry.Path.EndsWith(":generateContent", StringComparison.Ordinal))];

    /// <summary>How many uploads were begun.</summary>
    public int Uploads =>
        Emulator.Journal.Entries.Count(entry => entry.Headers.GetValueOrDefault("X-Goog-Upload-Command") == "start");

    public string At(params string[] names) => Path.Combine([Folder, .. names]);

    /// <summary>A new connection: what another process would have.</summary>
    public ImageService Connect(UploadCache? uploads = null, GeminiEndpoint? endpoint = null,
        PromptComposer? composer = null)
    {
        GeminiCredential credential = endpoint is null
            ? GeminiCredential.FromApiKey(Key)
            : GeminiCredential.FromToken(_ => ValueTask.FromResult(new AccessToken("ya29.token")));
        var client = new GeminiClient(
            endpoint ?? GeminiEndpoint.ForGemini(), credential, new GeminiClientOptions { MaximumRetryCount = 0 },
                new EmulatorHandler(Emulator));
        var service = new ImageService(client, ModelCatalog.BuiltIn, composer, time: null, uploads);
        _open.Add(service);
        return service;
    }

    /// <summary>A new connection that knows other models.</summary>
    public ImageService Knowing(ModelCatalog catalog) => new(
        new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey(Key), null,
            new EmulatorHandler(Emulator)), catalog);

    public static async Task<NbImage> MakeAsync(ImageService service, ImageRequest request) =>
        (await service.SendAsync(service.Prepare(request), BlobSink.Memory))[^1];

    public static Task<NbImage> MakeAsync(ImageService service, string prompt, params Anchor[] anchors) =>
        MakeAsync(service, new ImageRequest { Prompt = prompt, Anchors = [.. anchors] });

    public static Task<NbImage> EditAsync(ImageService service, NbImage image, string instruction,
        int? maxHistory = null) =>
        MakeAsync(service, new ImageRequest { Prompt = instruction, Source = image, MaxHistory = maxHistory });

    public static async Task<Anchor> AnchorAsync(ImageService service, string name,
        ReferenceRole role = ReferenceRole.Character) =>
        Anchor.Create(name, role, $"the one called {name}",
            [(await MakeAsync(service, $"a portrait of {name}")).ToPicture()]);

    /// <summary>The bands that an emulator drew into an image: one for each input it looked at.</summary>
    public static IReadOnlyList<EmulatorBand> Bands(NbImage image) => EmulatorPicture.TryRead(image.GetBytes())!.Bands;

    public static EmulatorBand BandOf(Picture picture) => EmulatorPicture.BandFor(picture.Data.ToArray());

    public async Task<ImmutableArray<NbImage>> SendAsync(ImageRequest request, BlobSink? sink = null) =>
        await Service.SendAsync(Service.Prepare(request), sink ?? BlobSink.Memory);

    public async Task<NbImage> DrawAsync(string prompt, BlobSink? sink = null) =>
        Assert.Single(await SendAsync(new ImageRequest { Prompt = prompt }, sink));

    public async Task<NbImage> EditAsync(NbImage source, string instruction, bool rebase = false,
        BlobSink? sink = null) =>
        Assert.Single(
            await SendAsync(new ImageRequest { Prompt = instruction, Source = source, Rebase = rebase }, sink));
}
