using System.Diagnostics;
using NanoBanana.Emulator;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Conformance;

/// <summary>A conversation begun here goes on as a chat of Google's own SDK, and comes back with its signatures: the
/// emulator refuses those that are wrong or missing.</summary>
public sealed class ChatTests
{
    private const string Model = "gemini-3-pro-image";

    [SdkTheory]
    [InlineData("add a scarf", "at night")]
    public async Task A_chat_survives_a_round_trip_through_the_SDK(string theirs, string ours)
    {
        using var folder = new TemporaryFolder();
        using var emulator = new EmulatorService(new());
        await using EmulatorServer server = EmulatorServer.Start(emulator);
        using var service = new ImageService(
            new GeminiClient(GeminiEndpoint.ForGemini(server.BaseUri), GeminiCredential.FromApiKey("any")),
            ModelCatalog.BuiltIn);
        NbImage fox = Assert.Single(await SendAsync(service, new ImageRequest { Prompt = "a fox", Model = Model }));
        string file = Path.Combine(folder.Path, "history.json");
        await File.WriteAllTextAsync(file, await GeminiContents.WriteAsync(fox));

        string history = await RunAsync("chat.mjs", server.BaseUri.ToString(), file, theirs);
        NbImage scarf = Assert.Single(await GeminiContents.ReadAsync(history, model: Model));
        Assert.Equal(theirs, scarf.Prompt);
        Assert.NotEqual(fox.Sha256, scarf.Sha256);
        NbImage night = Assert.Single(await SendAsync(service, new ImageRequest { Prompt = ours, Source = scarf }));
        Assert.Equal(6, night.Conversation!.Turns.Length);
        Assert.Empty(night.Warnings);
    }

    private static async Task<IReadOnlyList<NbImage>> SendAsync(ImageService service, ImageRequest request) =>
        await service.SendAsync(service.Prepare(request), BlobSink.Memory);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = SdkTheoryAttribute.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return output;
    }
}
