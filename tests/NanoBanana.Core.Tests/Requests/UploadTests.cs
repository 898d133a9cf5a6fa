using NanoBanana.Conversations;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;
using NanoBanana.Tests.Gemini;
using NanoBanana.Tests.Pictures;

namespace NanoBanana.Tests.Requests;

/// <summary>Which pictures are uploaded, how often, and what happens when they are gone.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task Ten_variations_with_three_anchors_upload_each_once_and_stay_small_after_that()
    {
        ImageService service = _studio.Connect();
        Anchor[] anchors = await AnchorsAsync(service);
        _studio.Emulator.Journal.Clear();

        for (int i = 0; i < 10; i++)
        {
            NbImage image = await EmulatorFixture.MakeAsync(service, $"variation {i}", anchors);
            Assert.All(anchors, anchor =>
                Assert.Contains(EmulatorFixture.BandOf(anchor.Pictures[0]), EmulatorFixture.Bands(image)));
        }

        Assert.Equal(3, _studio.Uploads);
        Assert.Equal(10, _studio.Asked.Count);
        Assert.All(_studio.Asked.Skip(1), asked => Assert.InRange(asked.BodyLength, 1, 10 * 1024));
    }

    [Fact]
    public async Task Ten_copies_upload_the_picture_before_the_first()
    {
        ImageService service = _studio.Connect();
        Anchor[] anchors = await AnchorsAsync(service);
        _studio.Emulator.Journal.Clear();
        PreparedRequest request =
            service.Prepare(new ImageRequest { Prompt = "a variation", Anchors = [.. anchors] }) with { Copies = 10 };

        await using var engine =
            new ImageEngine(service, new EngineOptions { ThrottleLimit = 10 }, CancellationToken.None);
        for (int i = 0; i < 10; i++)
        {
            engine.Add(new SingleOrder(request, new SaveTarget(null, null, false, new SaveSession())));
        }
        while (await engine.NextAsync() is { } step) Assert.Null(step.Outcome?.Error);

        Assert.Equal(3, _studio.Uploads);
        Assert.All(_studio.Asked, asked => Assert.InRange(asked.BodyLength, 1, 10 * 1024));
    }

    [Fact]
    public async Task A_picture_used_once_is_not_uploaded()
    {
        ImageService service = _studio.Connect();
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");

        await EmulatorFixture.MakeAsync(service, "once", kael);

        Assert.Equal(0, _studio.Uploads);
    }

    [Fact]
    public async Task Processes_share_uploaded_pictures()
    {
        Anchor kael = await EmulatorFixture.AnchorAsync(_studio.Connect(), "kael");
        string folder = _studio.At("uploads");

        for (int i = 0; i < 4; i++)
        {
            await EmulatorFixture.MakeAsync(_studio.Connect(UploadCache.InFolder(folder)), $"scene {i}", kael);
        }

        Assert.Equal(1, _studio.Uploads);
    }

    [Fact]
    public async Task Concurrent_connections_upload_a_picture_once()
    {
        Anchor kael = await EmulatorFixture.AnchorAsync(_studio.Connect(), "kael");
        string folder = _studio.At("uploads");
        await EmulatorFixture.MakeAsync(_studio.Connect(UploadCache.InFolder(folder)), "the first use", kael);

        NbImage[] images = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            EmulatorFixture.MakeAsync(_studio.Connect(UploadCache.InFolder(folder)), $"scene {i}", kael))));

        Assert.Equal(8, images.Length);
        Assert.Equal(1, _studio.Uploads);
    }

    [Fact]
    public async Task Another_key_uploads_its_own_files()
    {
        Anchor kael = await EmulatorFixture.AnchorAsync(_studio.Connect(), "kael");
        string folder = _studio.At("uploads");
        await UseTwiceAsync(_studio.Connect(UploadCache.InFolder(folder)), kael);
        var other = new GeminiClient(
            GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("another-key"),
                handler: new EmulatorHandler(_studio.Emulator));
        using var service =
            new ImageService(other, NanoBanana.Models.ModelCatalog.BuiltIn, uploads: UploadCache.InFolder(folder));

        await UseTwiceAsync(service, kael);

        Assert.Equal(2, _studio.Uploads);
    }

    [Fact]
    public async Task No_file_of_the_cache_holds_the_key()
    {
        string folder = _studio.At("uploads");
        ImageService service = _studio.Connect(UploadCache.InFolder(folder));
        await UseTwiceAsync(service, await EmulatorFixture.AnchorAsync(service, "kael"));

        string[] files = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, path =>
            Assert.DoesNotContain(EmulatorFixture.Key, path + File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unreadable_cache_only_costs_another_upload()
    {
        string folder = _studio.At("uploads");
        ImageService service = _studio.Connect(UploadCache.InFolder(folder));
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");
        await UseTwiceAsync(service, kael);
        foreach (string path in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            File.WriteAllText(path, "{\"uses\":2,");
        }

        await UseTwiceAsync(_studio.Connect(UploadCache.InFolder(folder)), kael);

        Assert.Equal(2, _studio.Uploads);
    }

    [Fact]
    public async Task A_read_only_cache_still_works_within_its_process()
    {
        string file = _studio.At("uploads");
        File.WriteAllText(file, "a file where the folder should be");
        ImageService service = _studio.Connect(UploadCache.InFolder(file));
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");

        await UseTwiceAsync(service, kael);
        await UseTwiceAsync(service, kael);

        Assert.Equal(1, _studio.Uploads);
    }

    [Fact]
    public async Task A_file_that_expired_in_the_middle_of_a_run_is_uploaded_again()
    {
        ImageService service = _studio.Connect();
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");
        await UseTwiceAsync(service, kael);
        int billed = _studio.Emulator.Statistics.BilledGenerations;
        _studio.Emulator.Advance(TimeSpan.FromHours(49));

        NbImage image = await EmulatorFixture.MakeAsync(service, "after two days", kael);

        Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]), EmulatorFixture.Bands(image));
        Assert.Equal(2, _studio.Uploads);
        Assert.Equal(billed + 1, _studio.Emulator.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task A_conversation_continues_on_another_machine_after_its_files_expired()
    {
        ImageService service = _studio.Connect();
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");
        await UseTwiceAsync(service, kael);
        NbImage image =
            ImageFile.Save(await EmulatorFixture.MakeAsync(service, "with a file", kael), _studio.At("a.jpg"));
        Assert.Contains(image.Conversation!.Turns[0].Parts, part => part is FilePart);
        _studio.Emulator.Advance(TimeSpan.FromHours(49));

        NbImage edited = await EmulatorFixture.EditAsync(_studio.Connect(), ImageFile.Import(image.Path!), "at night");

        Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]), EmulatorFixture.Bands(edited));
    }

    [Fact]
    public async Task A_picture_that_would_exceed_the_inline_limit_is_uploaded_at_its_first_use()
    {
        ImageService service = _studio.Connect();
        byte[] picture = (await EmulatorFixture.MakeAsync(service, "a picture")).GetBytes();
        Array.Resize(ref picture, 16_000_000);
        Anchor large =
            Anchor.Create("large", ReferenceRole.Object, null,
            [Picture.FromBlob(Blob.FromBytes(picture), "large.jpg")]);
        _studio.Emulator.Journal.Clear();

        await EmulatorFixture.MakeAsync(service, "with a large one", large);

        Assert.Equal(1, _studio.Uploads);
        Assert.InRange(_studio.Asked[0].BodyLength, 1, 10 * 1024);
    }

    [Fact]
    public async Task When_uploads_fail_a_picture_too_large_for_inline_is_refused_before_sending()
    {
        using EmulatorFixture fixture = WithoutUploads();
        ImageService service = fixture.Connect();
        byte[] picture = (await EmulatorFixture.MakeAsync(service, "a picture")).GetBytes();
        Array.Resize(ref picture, 76_000_000);
        Anchor huge =
            Anchor.Create("huge", ReferenceRole.Object, null, [Picture.FromBlob(Blob.FromBytes(picture), "huge.jpg")]);
        fixture.Emulator.Journal.Clear();

        NbException e =
            await Assert.ThrowsAsync<NbException>(() => EmulatorFixture.MakeAsync(service, "with a huge one", huge));

        Assert.Equal("Nb.Request.TooLarge", e.ErrorId);
        Assert.Empty(fixture.Asked);
    }

    [Theory]
    [InlineData("fileProcessing", "Nb.Service.FileNotReady")]
    [InlineData("fileFailed", "Nb.Service.FileRejected")]
    public async Task A_video_that_stays_in_processing_is_waited_for_up_to_a_stated_limit(
        string fault, string errorId)
    {
        var time = new FakeTime(TimeSpan.FromMinutes(1));
        using var fixture = new EmulatorFixture(new EmulatorOptions
        {
            Faults = FaultScript.Parse($$"""{"faults":[{"fault":"{{fault}}","delay":"600m"}]}"""),
        }, new GeminiClientOptions { TimeProvider = time });
        byte[] video = [.. MediaSamples.Mp4(5), .. new byte[76_000_000]];

        NbException e = await Assert.ThrowsAsync<NbException>(() => EmulatorFixture.MakeAsync(fixture.Service,
            new ImageRequest
            {
                Prompt = "as in the video",
                Model = "nb2",
                References = [new Reference(Picture.FromInput(Blob.FromBytes(video), "clip.mp4"))],
            }));

        Assert.Equal(errorId, e.ErrorId);
        Assert.Empty(fixture.Asked);
        if (fault != "fileProcessing") return;
        Assert.Contains("10 min", e.Message, StringComparison.Ordinal);
        Assert.InRange(time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait),
            TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task When_uploads_fail_the_picture_is_sent_inline()
    {
        using EmulatorFixture fixture = WithoutUploads();
        ImageService service = fixture.Connect();
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");
        await EmulatorFixture.MakeAsync(service, "one", kael);

        NbImage image = await EmulatorFixture.MakeAsync(service, "two", kael);

        Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]), EmulatorFixture.Bands(image));
        Assert.Contains(image.Warnings, warning => warning.Contains("could not be uploaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_Vertex_pictures_are_sent_inline()
    {
        ImageService service = _studio.Connect(endpoint: GeminiEndpoint.ForVertex("project", "global"));
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");

        await UseTwiceAsync(service, kael);

        Assert.Equal(0, _studio.Uploads);
    }

    private static EmulatorFixture WithoutUploads() => new(new EmulatorOptions
    {
        SignatureLength = 64,
        Faults = FaultScript.Parse("""{"faults": [{"fault": "unavailable", "path": "/upload/*"}]}"""),
    });

    private static async Task<Anchor[]> AnchorsAsync(ImageService service) =>
    [
        await EmulatorFixture.AnchorAsync(service, "kael"),
        await EmulatorFixture.AnchorAsync(service, "noir", ReferenceRole.Style),
        await EmulatorFixture.AnchorAsync(service, "alley", ReferenceRole.Background),
    ];

    private static async Task UseTwiceAsync(ImageService service, Anchor anchor)
    {
        await EmulatorFixture.MakeAsync(service, "one", anchor);
        await EmulatorFixture.MakeAsync(service, "two", anchor);
    }
}
