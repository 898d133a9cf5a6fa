using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Batches;

/// <summary>Somebody deletes, or makes room, in a folder that a batch works in.</summary>
public sealed class MeddledFolderTests
{
    private const string Three = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[{"name":"a","prompt":"a"},
         {"name":"b","prompt":"b","outFile":"sub/b"},{"name":"c","prompt":"c"}]}
        """;

    [Fact]
    public async Task Pictures_removed_during_the_run_are_reported_and_not_bought_again()
    {
        using var meddler = new Meddler();
        using var fixture = new EmulatorFixture(handler: meddler);
        meddler.OnCall = call =>
        {
            if (call == 3) Directory.Delete(Path.Combine(fixture.Destination, "sub"), recursive: true);
        };
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(Three, new BatchOptions { ThrottleLimit = 1 });
        Assert.Equal((2, 1), (summary.Made, summary.Uncertain));
        BatchItem gone = items.Last(item => item.Name == "b");
        Assert.Equal("Nb.Batch.PictureVanished", gone.Error!.ErrorId);

        (summary, _) = await fixture.RunAsync(Three);
        Assert.Equal((1, 3), (summary.Uncertain, fixture.Billed));
        (summary, _) = await fixture.RunAsync(Three, new BatchOptions { ResendUncertain = true });
        Assert.Equal((0, 4), (summary.Uncertain, fixture.Billed));
    }

    [Fact]
    public async Task A_folder_deleted_while_its_picture_arrives_gets_the_picture()
    {
        using var meddler = new Meddler();
        using var fixture = new EmulatorFixture(handler: meddler);
        string folder = Path.Combine(fixture.Destination, "sub");
        // Before the picture is whole.
        meddler.OnBody = call =>
        {
            if (call == 2 && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        };
        (_, List<BatchItem> items) = await fixture.RunAsync(Three, new BatchOptions { ThrottleLimit = 1 });
        Assert.Empty(items.Select(item => item.Error).OfType<NbException>());
        Assert.NotNull(ImageFile.Import(Path.Combine(folder, "b.jpg")).Conversation);
    }

    [Fact]
    public async Task A_run_whose_ledger_was_removed_sends_nothing_more()
    {
        using var meddler = new Meddler();
        using var fixture = new EmulatorFixture(handler: meddler);
        meddler.OnCall = call =>
        {
            if (call == 2) Directory.Delete(fixture.Destination, recursive: true);
        };
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(Three, new BatchOptions { ThrottleLimit = 1 });
        Assert.Equal(2, fixture.Billed);
        Assert.Equal("Nb.Batch.LedgerUnwritable", items.Last(item => item.Name == "c").Error!.ErrorId);
        // The first is told to be gone, the second was saved after all.
        Assert.Equal((1, 1, 1), (summary.Made, summary.Uncertain, summary.Blocked));
        Assert.True(File.Exists(items.Last(item => item.Name == "b").Path));
    }

    [Fact]
    public async Task A_picture_that_was_set_aside_keeps_its_conversation()
    {
        using var fixture = new EmulatorFixture();
        const string one = """{"items":[{"name":"a","prompt":"a","model":"nb2"}]}""";
        await fixture.RunAsync(one);
        await fixture.RunAsync(one, new BatchOptions { Force = true });
        string folder = Path.Combine(fixture.Destination, ".nb", "replaced");
        NbImage old = ImageFile.Import(ImageFile.List(folder).Single());

        foreach (Blob blob in old.Conversation!.Blobs) blob.Verify();
        NbImage edited = (await fixture.Service.SendAsync(
            fixture.Service.Prepare(new ImageRequest { Prompt = "a hat", Source = old }), BlobSink.Memory))[0];
        Assert.Equal(4, edited.Conversation!.Turns.Length);
        // What it remembers is no orphan.
        Assert.DoesNotContain(BlobInventory.Of(fixture.Destination), blob => blob.IsOrphan);
    }

    private sealed class Meddler : DelegatingHandler
    {
        private int _calls;

        public Action<int> OnCall { get; set; } = _ => { };

        public Action<int> OnBody { get; set; } = _ => { };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            int call = ++_calls;
            OnCall(call);
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            int given = 0;
            response.Content = new StreamContent(new Gemini.ChunkedStream(body, () =>
            {
                if (given++ == 1) OnBody(call);
                return 50_000;
            }));
            return response;
        }
    }
}
