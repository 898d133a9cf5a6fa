using System.Text.Json.Nodes;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Generation;

/// <summary>What the service has tomorrow: a size, a tool and a model that only the user's file knows, for us and for
/// the emulator.</summary>
public sealed class UserCatalogTests
{
    private const string UserModels = """
        {"tools":{"maps":{"wire":{"generateContent":{"googleMaps":{}},"interactions":{"type":"google_maps"}}}},
         "models":[{"id":"gemini-3.1-flash-image","sizes":["512","1K","8K"],"grounding":["web","maps"],
                    "prices":{"images":{"8K":{"usd":0.5,"tokens":8000}}}},
                   {"id":"gemini-banana-9","name":"Nine","state":"stable","sizes":["1K"],"ratios":["1:1"],
                    "inputs":["document"],"thinking":{"levels":["low"],"default":"low"},"returns":"image/png"}]}
        """;

    [Theory]
    [InlineData(ModelApi.GenerateContent)]
    [InlineData(ModelApi.Interactions)]
    public async Task A_size_and_a_tool_need_a_file_only(ModelApi api)
    {
        using var fixture = new EmulatorFixture();
        string path = fixture.Write("own.json", UserModels);
        using var emulator = new EmulatorService(new EmulatorOptions { CatalogPath = path, SignatureLength = 64 });
        using ImageService service = ServiceOf(emulator, path, api);

        NbImage image = await MakeAsync(service,
            new ImageRequest { Prompt = "a fox", Model = "gemini-3.1-flash-image", Size = "8k", Grounding = ["maps"] });

        Assert.InRange(image.Cost!.Value, 0.4m, 0.6m);
        JsonNode sent = JsonNode.Parse(emulator.Journal.Entries[^1].Body!)!;
        Assert.Equal(api == ModelApi.GenerateContent ? """[{"googleMaps":{}}]""" : """[{"type":"google_maps"}]""",
            sent["tools"]!.ToJsonString());
    }

    [Fact]
    public async Task A_model_that_takes_documents_needs_a_file_only()
    {
        using var fixture = new EmulatorFixture();
        string path = fixture.Write("own.json", UserModels);
        using var emulator = new EmulatorService(new EmulatorOptions { CatalogPath = path, SignatureLength = 64 });
        using ImageService service = ServiceOf(emulator, path, ModelApi.GenerateContent);
        var request = new ImageRequest
        {
            Prompt = "a fox", Model = "gemini-banana-9", ThinkingLevel = "LOW",
            References = [new Reference(Picture.ByReference("gs://b/a.pdf"))],
        };

        Assert.Equal("image/png", (await MakeAsync(service, request)).MimeType);
        Assert.Equal("Nb.Request.UnsupportedInput", Assert.Throws<NbException>(() => service.Prepare(request with
        {
            References = [new Reference(Picture.ByReference("gs://b/a.mp4"))],
        })).ErrorId);
    }

    [Fact]
    public void A_fourth_style_is_one_too_many_for_Pro_and_not_for_others()
    {
        using var fixture = new EmulatorFixture();
        var request = new ImageRequest
        {
            Prompt = "a fox", Model = "nb-pro",
            References = [.. Enumerable.Range(1, 4).Select(i =>
                new Reference(Picture.ByReference($"gs://b/{i}.png"), ReferenceRole.Style, $"style {i}"))],
        };

        NbException e = Assert.Throws<NbException>(() => fixture.Service.Prepare(request));

        Assert.Equal("Nb.Request.TooManyReferences", e.ErrorId);
        Assert.Contains("style 4", e.Advice);
        fixture.Service.Prepare(request with { Model = "nb2" });
    }

    private static async Task<NbImage> MakeAsync(ImageService service, ImageRequest request) =>
        (await service.SendAsync(service.Prepare(request), BlobSink.Memory))[^1];

    private static ImageService ServiceOf(EmulatorService emulator, string path, ModelApi api) => new(
        new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"),
            new GeminiClientOptions { Api = api }, new EmulatorHandler(emulator)), ModelCatalog.Load(path));
}
