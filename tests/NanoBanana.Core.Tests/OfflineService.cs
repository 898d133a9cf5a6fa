using System.Collections.Immutable;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests;

/// <summary>The whole way, with the emulator at its end.</summary>
internal sealed class OfflineService : IDisposable
{
    public OfflineService(EmulatorOptions? options = null)
    {
        Emulator = new EmulatorService(options ?? new EmulatorOptions { SignatureLength = 4096 });
        Client = new GeminiClient(
            GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"), new GeminiClientOptions { MaximumRetryCount = 0 }, new EmulatorHandler(Emulator));
        Images = new ImageService(Client, ModelCatalog.BuiltIn);
    }

    public EmulatorService Emulator { get; }

    public GeminiClient Client { get; }

    public ImageService Images { get; }

    public async Task<ImmutableArray<NbImage>> SendAsync(ImageRequest request, BlobSink? sink = null) =>
        await Images.SendAsync(Images.Prepare(request), sink ?? BlobSink.Memory);

    public async Task<NbImage> DrawAsync(string prompt, BlobSink? sink = null) =>
        Assert.Single(await SendAsync(new ImageRequest { Prompt = prompt }, sink));

    public async Task<NbImage> EditAsync(NbImage source, string instruction, bool rebase = false, BlobSink? sink = null) =>
        Assert.Single(await SendAsync(new ImageRequest { Prompt = instruction, Source = source, Rebase = rebase }, sink));

    public void Dispose()
    {
        Images.Dispose();
        Emulator.Dispose();
    }
}
