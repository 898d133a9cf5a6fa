using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Conformance;

/// <summary>The uses of tests/conformance/bodies.mjs, made with our client.</summary>
internal sealed class OurUses : IDisposable
{
    private const string Flash = "gemini-nano-banana-2.1";
    private const string Pro = "gemini-3-pro-image";
    private readonly ImageService _images;
    private readonly ImageService _interactions;
    private readonly ImageService _refused;

    public OurUses(Uri baseUri)
    {
        var client = new GeminiClient(GeminiEndpoint.ForGemini(baseUri), GeminiCredential.FromApiKey("ours"));
        _images = new ImageService(client, ModelCatalog.BuiltIn);
        ImageService Interactions() => new(
            new GeminiClient(GeminiEndpoint.ForGemini(baseUri), GeminiCredential.FromApiKey("ours"),
                new GeminiClientOptions { Api = ModelApi.Interactions }), ModelCatalog.BuiltIn);
        _interactions = Interactions();
        // Remembers that the background is refused.
        _refused = Interactions();
        ByName = new Dictionary<string, Func<Task>>
        {
            ["text"] = () => DrawAsync(new ImageRequest { Prompt = "A fox in the snow" }),
            ["sized"] = () =>
                DrawAsync(new ImageRequest { Prompt = "A wide valley", AspectRatio = "16:9", Size = "2K" }),
            ["imageOnly"] = () => DrawAsync(new ImageRequest { Prompt = "A fox", ImageOnly = true }),
            ["instructed"] = () => DrawAsync(new ImageRequest
            {
                Prompt = "A \"quoted\" fox & a château\n<in> 雪",
                SystemInstruction = "You draw in water colors.",
                SafetyThreshold = ["DANGEROUS_CONTENT=BLOCK_ONLY_HIGH"],
                Seed = 7,
            }),
            ["edit"] = EditAsync,
            ["fiveReferences"] = FiveReferencesAsync,
            ["chat"] = ChatAsync,
            ["chatWithThoughts"] = ChatWithThoughtsAsync,
            ["webSearch"] = () =>
                DrawAsync(new ImageRequest { Prompt = "Today's weather in Oslo", Grounding = ["web"] }),
            ["imageSearch"] = () =>
                DrawAsync(new ImageRequest { Prompt = "A timareta butterfly", Grounding = ["web", "image"] }),
            ["thinking"] = () => DrawAsync(new ImageRequest { Prompt = "A fox", ThinkingLevel = "minimal" }),
            ["files"] = FilesAsync,
            ["batch"] = BatchAsync,
            ["models"] = ListModelsAsync,
            ["interactionText"] = () => InteractAsync(new ImageRequest { Prompt = "A fox in the snow" }),
            ["interactionSized"] = () =>
                InteractAsync(new ImageRequest { Prompt = "A wide valley", AspectRatio = "16:9", Size = "2K" }),
            ["interactionImageOnly"] = () => InteractAsync(new ImageRequest { Prompt = "A fox", ImageOnly = true }),
            ["interactionInstructed"] = () => InteractAsync(new ImageRequest
            {
                Prompt = "A \"quoted\" fox & a château\n<in> 雪",
                SystemInstruction = "You draw in water colors.",
                SafetyThreshold = ["DANGEROUS_CONTENT=BLOCK_ONLY_HIGH"],
                Seed = 7,
                ServiceTier = "flex",
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "art"),
            }),
            ["interactionContents"] = InteractWithContentsAsync,
            ["interactionChain"] = InteractInChainAsync,
            ["interactionSteps"] = InteractWithStepsAsync,
            ["interactionSearch"] = () =>
                InteractAsync(new ImageRequest { Prompt = "Today's weather in Oslo", Grounding = ["web"] }),
            ["interactionImageSearch"] = () =>
                InteractAsync(new ImageRequest { Prompt = "A timareta butterfly", Grounding = ["web", "image"] }),
            ["interactionThinking"] = () => InteractAsync(
                new ImageRequest { Prompt = "A fox", ThinkingLevel = "high", IncludeThoughts = true }),
            ["interactionStream"] = () => DrawAsync(_refused,
                new ImageRequest { Prompt = "[[FAULT:backgroundRefused]] A fox" }),
            ["interactionBackground"] = FetchAsync,
        };
    }

    public IReadOnlyDictionary<string, Func<Task>> ByName { get; }

    public void Dispose()
    {
        _images.Dispose();
        _interactions.Dispose();
        _refused.Dispose();
    }

    private GeminiClient Client => _images.Client;

    private Task<NbImage> DrawAsync(ImageRequest request) => DrawAsync(_images, request);

    private Task<NbImage> InteractAsync(ImageRequest request) => DrawAsync(_interactions, request);

    private static async Task<NbImage> DrawAsync(ImageService service, ImageRequest request) =>
        (await service.SendAsync(service.Prepare(request), BlobSink.Memory))[^1];

    private async Task InteractWithContentsAsync()
    {
        NbImage fox = await InteractAsync(new ImageRequest { Prompt = "A fox" });
        await InteractAsync(new ImageRequest
        {
            Prompt = "The fox as in the clip, and as the paper says",
            MediaResolution = "low",
            References = [new Reference(fox.ToPicture()),
                new Reference(Picture.ByReference("https://www.youtube.com/watch?v=abc")),
                new Reference(Picture.ByReference("gs://bucket/brief.pdf"))],
        });
    }

    private async Task InteractInChainAsync()
    {
        NbImage one = await InteractAsync(new ImageRequest { Prompt = "A castle" });
        NbImage two = await InteractAsync(new ImageRequest { Prompt = "At night", Source = one });
        await InteractAsync(new ImageRequest { Prompt = "Make it wide", Source = two, AspectRatio = "16:9" });
    }

    private async Task InteractWithStepsAsync()
    {
        NbImage one = await InteractAsync(new ImageRequest { Prompt = "A castle", Store = false });
        await InteractAsync(new ImageRequest { Prompt = "At night", Source = one, Store = false });
    }

    private async Task FetchAsync()
    {
        NbImage fox = await InteractAsync(new ImageRequest { Prompt = "A fox" });
        await _interactions.RecoverAsync(fox.Provenance!.ResponseId!, BlobSink.Memory, CancellationToken.None);
    }

    private async Task EditAsync()
    {
        NbImage fox = await DrawAsync(new ImageRequest { Prompt = "A fox", AspectRatio = "3:2" });
        await DrawAsync(new ImageRequest { Prompt = "Add a red scarf", Source = fox, Rebase = true });
    }

    private async Task FiveReferencesAsync()
    {
        var people = new List<Reference>();
        for (int person = 1; person <= 5; person++)
        {
            NbImage image = await DrawAsync(new ImageRequest { Prompt = $"Person {person}" });
            people.Add(new Reference(image.ToPicture()));
        }
        await DrawAsync(new ImageRequest
        {
            Prompt = "An office group photo of these people",
            References = [.. people],
            AspectRatio = "5:4",
            Size = "2K",
            Model = Pro,
        });
    }

    private async Task ChatAsync()
    {
        NbImage one = await DrawAsync(new ImageRequest { Prompt = "An infographic about photosynthesis", Model = Pro });
        NbImage two = await DrawAsync(new ImageRequest { Prompt = "Translate it into Spanish", Source = one });
        await DrawAsync(new ImageRequest { Prompt = "Make it wide", Source = two, AspectRatio = "16:9" });
    }

    private async Task ChatWithThoughtsAsync()
    {
        var castle = new ImageRequest { Prompt = "A castle", ThinkingLevel = "high", IncludeThoughts = true };
        NbImage image = await DrawAsync(castle);
        await DrawAsync(castle with { Prompt = "At night", Source = image });
    }

    private async Task FilesAsync()
    {
        NbImage anchor = await DrawAsync(new ImageRequest { Prompt = "An anchor" });
        GeminiFile file = await Client.UploadAsync(anchor.Data, "image/jpeg", "anchor");
        await Client.GetFileAsync(file.Name);
        var call = new GenerateCall
        {
            Model = Flash,
            Contents = [new Turn(Turn.User, [new TextPart("The same in blue"), new FilePart(file.Uri, file.MimeType)])],
            ResponseModalities = ["TEXT", "IMAGE"],
        };
        await Client.GenerateAsync(call, BlobSink.Memory);
        Assert.NotEmpty(await Client.ListFilesAsync().ToListAsync());
        await Client.DeleteFileAsync(file.Name);
    }

    private async Task BatchAsync()
    {
        PreparedRequest fox = _images.Prepare(new ImageRequest { Prompt = "A fox" });
        using var line = new MemoryStream();
        await RequestWriter.WriteBatchLine("a", fox.Call).WriteToAsync(line, CancellationToken.None);
        line.Write("\n"u8);
        GeminiFile file = await Client.UploadAsync(Blob.FromBytes(line.ToArray()), "application/jsonl", "requests");
        GeminiJob job = await Client.CreateBatchAsync(Flash, file.Name, "one fox");
        await Client.GetBatchAsync(job.Name);
        Assert.NotEmpty(await Client.ListBatchesAsync().ToListAsync());
        await Client.CancelBatchAsync(job.Name);
        await Client.DeleteBatchAsync(job.Name);
    }

    private async Task ListModelsAsync() => Assert.NotEmpty(await Client.ListModelsAsync().ToListAsync());
}
