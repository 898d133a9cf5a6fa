using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Conversations;
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
using NanoBanana.Tests.Pictures;

namespace NanoBanana.Tests.Requests;

/// <summary>Videos, documents and addresses as references, by both of the service's ways.</summary>
public sealed class MediaReferenceTests : IDisposable
{
    private const string Video = "https://www.youtube.com/watch?v=abc";
    private readonly EmulatorFixture _emulator = new();
    private readonly EmulatorService _other = new(new EmulatorOptions { SignatureLength = 64 });

    public void Dispose()
    {
        _emulator.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(ModelApi.GenerateContent)]
    [InlineData(ModelApi.Interactions)]
    public async Task A_video_a_document_and_an_address_are_sent_with_their_types(ModelApi api)
    {
        using ImageService service = ServiceOf(api);
        ImageRequest request = new()
        {
            Prompt = "the runner of the clip",
            References = [Of(MediaSamples.Mp4(8), "clip.mp4"), Of(MediaSamples.Pdf(2), "brief.pdf"),
                new Reference(Picture.ByReference(Video)), new Reference(Picture.ByReference("gs://b/fox.png"))],
        };

        NbImage image = (await service.SendAsync(service.Prepare(request), BlobSink.Memory))[^1];

        JsonNode body = JsonNode.Parse(_other.Journal.Entries[^1].Body!)!;
        string[] types = api == ModelApi.GenerateContent
            ? [.. body["contents"]![0]!["parts"]!.AsArray().Skip(1).Select(part =>
                $"{(part!["inlineData"] ?? part["fileData"])!["mimeType"]} {part["fileData"]?["fileUri"]}".Trim())]
            : [.. body["input"]!.AsArray().Skip(1).Select(part =>
                $"{part!["type"]} {part["mime_type"]} {part["uri"]}".Trim())];
        Assert.Equal(api == ModelApi.GenerateContent
            ? ["image/png gs://b/fox.png", "video/mp4", "application/pdf", Video]
            : ["image image/png gs://b/fox.png", "video video/mp4", "document application/pdf", $"video  {Video}"],
            types);
        // The picture, eight seconds, two pages, and a minute for the video that nobody here sees.
        Assert.Equal(1120 + 8 * 70 + 2 * 560 + 60 * 70 + "the runner of the clip".Length / 4,
            image.Usage!.PromptTokens, tolerance: 2);
    }

    [Fact]
    public void The_estimate_counts_seconds_and_pages_by_media_resolution()
    {
        decimal plain = Estimate(null);
        decimal video = Estimate(null, Of(MediaSamples.Mp4(100), "clip.mp4"));
        decimal closer = Estimate("high", Of(MediaSamples.Mp4(100), "clip.mp4"));
        decimal pages = Estimate("low", Of(MediaSamples.Pdf(10), "doc.pdf"));

        Assert.Equal(plain + 7_000 * 1.5m / 1_000_000, video);
        Assert.Equal(plain + 28_000 * 1.5m / 1_000_000, closer);
        Assert.Equal(plain + 2_800 * 1.5m / 1_000_000, pages);
    }

    [Fact]
    public void An_unknown_length_causes_a_warning()
    {
        PreparedRequest request = _emulator.Service.Prepare(new ImageRequest
        {
            Prompt = "a fox", References = [new Reference(Picture.ByReference(Video))],
        });

        Assert.Contains(request.Warnings, warning => warning.Contains("60 seconds", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nb-pro", "application/pdf", "document", "gemini-nano-banana-2.1")]
    [InlineData("nb", "video/mp4", "video", "gemini-3-pro-image")]
    public void A_model_without_video_input_is_refused_and_others_are_suggested(
        string model, string type, string kind, string other)
    {
        NbException e = Assert.Throws<NbException>(() => _emulator.Service.Prepare(new ImageRequest
        {
            Prompt = "a fox", Model = model,
            References = [new Reference(Picture.ByReference("https://host/thing", type))],
        }));

        Assert.Equal("Nb.Request.UnsupportedInput", e.ErrorId);
        Assert.Contains(kind, e.Message);
        Assert.Contains(other, e.Advice);
    }

    [Fact]
    public void More_and_longer_ones_than_the_catalog_allows_are_refused()
    {
        Reference clip = Of(MediaSamples.Mp4(1), "clip.mp4");
        Assert.Equal("Nb.Request.InputTooLarge", Refused([.. Enumerable.Repeat(clip, 11)]).ErrorId);
        Assert.Contains("1001 pages", Refused([Of(MediaSamples.Pdf(1001), "book.pdf")]).Message);
    }

    [Fact]
    public async Task A_saved_image_records_media_references_and_an_edit_fetches_nothing()
    {
        using ImageService service = ServiceOf(ModelApi.GenerateContent);
        var request = new ImageRequest
        {
            Prompt = "a fox",
            References = [Of(MediaSamples.Mp4(8), "clip.mp4"), new Reference(Picture.ByReference(Video))],
        };
        NbImage image = (await service.SendAsync(service.Prepare(request), BlobSink.Memory))[^1];
        ImageFile.Save(image, Path.Combine(_emulator.Folder, "fox.jpg"));

        NbImage read = ImageFile.Import(Path.Combine(_emulator.Folder, "fox.jpg"));

        Assert.Equal(["clip.mp4", "www.youtube.com"], read.References.Select(one => one.Picture.Name));
        Assert.Equal(Video, read.References[1].Picture.Address);
        Assert.Single(ImageHistory.Of(read)[^1].Images);
        PreparedRequest edit = service.Prepare(new ImageRequest { Prompt = "at night", Source = read });
        await service.SendAsync(edit, BlobSink.Memory);
        Part[] sent = [.. edit.Call.Contents[0].Parts];
        Assert.Contains(sent.OfType<FilePart>(), file => file.Uri == Video);
        Assert.Equal(service.Prepare(request).RequestHash, read.RequestHash);
    }

    [Fact]
    public async Task A_manifest_may_name_media_references_and_fetches_no_address()
    {
        File.WriteAllBytes(Path.Combine(_emulator.Folder, "clip.mp4"), MediaSamples.Mp4(5));
        string items = $$"""
            {"items":[{"name":"a","prompt":"a fox","references":["clip.mp4","{{Video}}"]},
              {"name":"b","prompt":"an owl","byReference":true,
               "references":[{"path":"https://host/x?token=1","mimeType":"video/webm","role":"Pose","name":"run"}]}]}
            """;

        (BatchSummary summary, _) = await _emulator.RunAsync(items);

        Assert.Equal(2, summary.Made);
        Assert.Equal(2, (await _emulator.RunAsync(null)).Summary.UpToDate);
        string batch = File.ReadAllText(Path.Combine(_emulator.Destination, "batch.json"));
        Assert.Contains(Video, batch);
        NbException refused = Assert.Throws<NbException>(() => _emulator.Open(
            """{"items":[{"name":"a","prompt":"a fox","references":["https://host/fox.png?token=1"]}]}"""));
        Assert.Equal("Nb.Request.NotFetched", refused.ErrorId);
        Assert.DoesNotContain("token", refused.Message);
    }

    [Fact]
    public void A_video_with_a_role_is_labeled_without_a_picture_number()
    {
        string prompt = PromptComposer.BuiltIn.Compose("jump",
        [
            new Reference(Picture.ByReference("gs://b/kael.png"), ReferenceRole.Character, "Kael"),
            Of(MediaSamples.Mp4(5), "run.mp4") with { Role = ReferenceRole.Pose },
        ], hasSource: false);

        Assert.Equal("Image 1 is the character Kael.\nThe video is the pose run.mp4.\n\njump\n\n"
            + "Keep Kael exactly as in image 1: the same face, features, hair, body, clothing and proportions, "
            + "unchanged.\nUse the pose of the video; take nothing else from there.", prompt);
    }

    private NbException Refused(Reference[] references) => Assert.Throws<NbException>(() =>
        _emulator.Service.Prepare(new ImageRequest { Prompt = "a fox", References = [.. references] }));

    private decimal Estimate(string? resolution, params Reference[] references) => _emulator.Service.Prepare(
        new ImageRequest { Prompt = "a fox", MediaResolution = resolution, References = [.. references] })
        .EstimatedCost!.Value;

    private ImageService ServiceOf(ModelApi api) => new(
        new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"),
            new GeminiClientOptions { Api = api }, new EmulatorHandler(_other)), ModelCatalog.BuiltIn);

    private static Reference Of(byte[] bytes, string name) => new(Picture.FromInput(Blob.FromBytes(bytes), name));
}
