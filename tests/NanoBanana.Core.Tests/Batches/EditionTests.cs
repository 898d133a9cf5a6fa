using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Tests.Batches;

/// <summary>Editions: the same manifest, made anew for each week. And forced runs that were stopped.</summary>
public sealed class EditionTests
{
    private const string Chain = """
        {"edition":"EDITION","defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
        {"name":"fox","prompt":"a fox"},{"name":"night","from":"fox","edit":"make it night"},{"name":"owl","prompt":"an owl"}]}
        """;

    [Fact]
    public async Task Each_edition_is_made_once()
    {
        using var fixture = new EmulatorFixture();
        foreach (string week in (string[])["2026-W47", "2026-W48"])
        {
            string manifest = Chain.Replace("EDITION", week, StringComparison.Ordinal);
            Assert.Equal(3, (await fixture.RunAsync(manifest)).Summary.Made);
            Assert.Equal(3, (await fixture.RunAsync(manifest)).Summary.UpToDate);
            // The folder's own manifest knows what it is made for.
            Assert.Equal(3, (await fixture.RunAsync(null)).Summary.UpToDate);
            Assert.Equal(week, Batch.Read(fixture.Destination).Edition);
        }
        Assert.Equal(6, fixture.Billed);
        // What was replaced was paid for.
        Assert.Equal(3, Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "replaced"), "*.jpg").Length);
        // Asked for none, whichever there is will do.
        (BatchSummary any, _) = await fixture.RunAsync(Chain.Replace("EDITION", "", StringComparison.Ordinal));
        Assert.Equal((3, 6), (any.UpToDate, fixture.Billed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_manifest_with_an_edition_is_not_written_again_without_other_options(bool isPlanned)
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        string path = Path.Combine(fixture.Destination, Batch.ManifestName);
        File.WriteAllText(path, Chain);
        using (Batch batch = isPlanned
            ? Batch.Open(BatchPlan.Create(null, fixture.Service, null, fixture.Destination)) : fixture.Open(null))
        {
            Assert.Equal("EDITION", batch.Manifest.Edition);
        }
        Assert.Equal(Chain, File.ReadAllText(path));
    }

    [Fact]
    public void Webhooks_that_a_continued_batch_was_given_are_kept_for_later_runs()
    {
        using var fixture = new EmulatorFixture();
        fixture.Open(Chain).Dispose();
        fixture.Open(null, new BatchOptions { Webhooks = ["https://studio.example/done"] }).Dispose();
        Assert.Equal(["https://studio.example/done"], (string[])[.. Batch.Read(fixture.Destination).Webhooks]);
    }

    [Fact]
    public async Task A_stopped_edition_continues_with_its_missing_items()
    {
        using var fixture = new EmulatorFixture();
        string manifest = EmulatorFixture.Many(6);
        await fixture.RunAsync(manifest);
        await StopAfterAsync(fixture, 2, manifest, new BatchOptions { Edition = "2026-W48", ThrottleLimit = 1 });
        int made = fixture.Billed - 6;
        Assert.InRange(made, 2, 5);

        (BatchSummary rest, _) = await fixture.RunAsync(null);

        Assert.Equal((6 - made, made, 12), (rest.Made, rest.UpToDate, fixture.Billed));
    }

    [Fact]
    public async Task A_forced_run_that_was_stopped_is_finished_by_the_next()
    {
        using var fixture = new EmulatorFixture();
        string manifest = EmulatorFixture.Many(6);
        await fixture.RunAsync(manifest);
        await StopAfterAsync(fixture, 2, manifest, new BatchOptions { Force = true, ThrottleLimit = 1 });
        int made = fixture.Billed - 6;
        Assert.InRange(made, 2, 5);
        // A plan says so, too.
        Assert.Equal(6 - made, BatchPlan.Create(fixture.Manifest(manifest), fixture.Service, null, fixture.Destination)
            .Items.Count(item => item.State == BatchItemState.Pending));

        (BatchSummary rest, _) = await fixture.RunAsync(manifest);

        Assert.Equal((6 - made, made, 12), (rest.Made, rest.UpToDate, fixture.Billed));
        Assert.Equal(6, (await fixture.RunAsync(manifest)).Summary.UpToDate);
    }

    [Fact]
    public async Task An_item_that_failed_in_a_forced_run_stays_failed_and_is_not_paid_for_again()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions
        {
            Faults = FaultScript.Parse("""{"faults":[{"fault":"noImage","nth":2}]}"""),
        });
        await fixture.RunAsync(EmulatorFixture.Many(1));
        (BatchSummary forced, _) = await fixture.RunAsync(null, new BatchOptions { Force = true });
        Assert.Equal(1, forced.Failed);
        int requests = fixture.Emulator.Statistics.Requests;

        (BatchSummary again, _) = await fixture.RunAsync(null);

        Assert.Equal((1, requests), (again.Failed, fixture.Emulator.Statistics.Requests));
        Assert.Equal(1, (await fixture.RunAsync(null, new BatchOptions { RetryFailed = true })).Summary.Made);
    }

    [Fact]
    public async Task A_job_makes_an_edition_too()
    {
        using var fixture = new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        var jobs = new BatchOptions
        {
            Mode = BatchMode.Batch, Edition = "2026-11-27", PollInterval = TimeSpan.FromMilliseconds(1),
        };
        await fixture.RunAsync(EmulatorFixture.Many(2), jobs with { Edition = null });

        Assert.Equal(2, (await fixture.RunAsync(null, jobs)).Summary.Made);
        Assert.Equal(2, (await fixture.RunAsync(null, jobs)).Summary.UpToDate);
    }

    [Theory]
    [InlineData("""{"edition":"a\nb","items":["a fox"]}""", "Nb.Manifest.InvalidEdition")]
    [InlineData("""{"edition":["W48"],"items":["a fox"]}""", "Nb.Manifest.WrongType")]
    public void An_invalid_edition_is_refused(string json, string id)
    {
        using var fixture = new EmulatorFixture();

        Assert.Equal(id, Assert.Throws<NbException>(() => fixture.Manifest(json)).ErrorId);
    }

    private static async Task StopAfterAsync(EmulatorFixture fixture, int count, string manifest, BatchOptions options)
    {
        using Batch batch = fixture.Open(manifest, options);
        await foreach (BatchItem item in batch.RunAsync())
        {
            if (item.State == BatchItemState.Succeeded && --count == 0) batch.Stop();
        }
    }
}
