using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Batches;

/// <summary>Destinations that cannot be written, or not for long.</summary>
public sealed class DestinationTests
{
    [Fact]
    public void A_file_in_place_of_the_folder_is_reported_before_anything_is_sent()
    {
        using var fixture = new EmulatorFixture();
        File.WriteAllText(fixture.Destination, "mine");
        Assert.Equal("Nb.File.Unwritable",
            Assert.Throws<NbException>(() => fixture.Open(EmulatorFixture.Many(1))).ErrorId);
        Assert.Equal((0, "mine"), (fixture.Emulator.Statistics.Requests, File.ReadAllText(fixture.Destination)));
    }

    [Fact]
    public async Task An_item_that_cannot_be_saved_is_not_paid_for()
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        File.WriteAllText(Path.Combine(fixture.Destination, "taken"), "mine");
        const string json =
            """{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"a","outFile":"taken/a.jpg"},{"name":"b","prompt":"b"}]}""";
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(json);
        Assert.Equal((1, 1, 1), (summary.Made, summary.Failed, fixture.Billed));
        Assert.Equal("Nb.File.Unwritable", items.Single(item => item.Error is not null).Error!.ErrorId);
        // Somebody makes room: it is made unasked.
        File.Delete(Path.Combine(fixture.Destination, "taken"));
        (summary, _) = await fixture.RunAsync(json);
        Assert.True(summary.IsComplete);
    }

    [SmallDiskFact]
    public async Task A_full_disk_loses_nothing_and_the_next_run_continues()
    {
        using var fixture = new EmulatorFixture();
        using var disk = new SmallDisk(fixture.Destination, "1m");
        string json = EmulatorFixture.Many(30);
        (BatchSummary full, List<BatchItem> items) =
            await fixture.RunAsync(json, new BatchOptions { ThrottleLimit = 2 });
        Assert.InRange(full.Made, 1, 29);
        Assert.False(full.IsComplete);
        Assert.Contains(items, item => item.Error?.ErrorId is "Nb.File.Unwritable" or "Nb.Batch.LedgerUnwritable");
        // It stopped sending as soon as it knew: what was billed is there, or was told as uncertain.
        Assert.InRange(fixture.Billed, full.Made, full.Made + full.Uncertain);
        Assert.InRange(full.Uncertain, 0, 2);
        Assert.InRange(full.Blocked, 1, 28);
        Assert.All(BatchPlan.Create(Batch.Read(fixture.Destination), fixture.Service,
            destination: fixture.Destination).Items
            .Where(item => item.Error is { ErrorId: "Nb.File.Unwritable" } error), item =>
            Assert.Contains("saved as '", item.Error!.Message));
        disk.Remount("size=64m");
        (BatchSummary rest, _) = await fixture.RunAsync(null);
        // What had been saved elsewhere has come home.
        Assert.Equal((30, 30), (rest.Made + rest.UpToDate, fixture.Billed));
        Assert.All(Directory.GetFiles(fixture.Destination, "*.jpg"), path =>
            Assert.Equal(2, ImageFile.Import(path).Conversation!.Turns.Length));
    }

    [SmallDiskFact]
    public async Task Results_of_a_job_wait_at_the_service_until_the_disk_has_room()
    {
        using var fixture =
            new EmulatorFixture(new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        using var disk = new SmallDisk(fixture.Destination, "1m");
        var options = new BatchOptions { Mode = BatchMode.Batch };
        NbException error =
            await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(EmulatorFixture.Many(30), options));
        Assert.Equal(NbErrorKind.WriteError, error.Kind);
        Assert.InRange(Directory.GetFiles(fixture.Destination, "*.jpg").Length, 1, 29);
        disk.Remount("size=64m");
        (BatchSummary rest, _) = await fixture.RunAsync(null);
        Assert.Equal((30, 0, 30), (rest.Made + rest.UpToDate, rest.Uncertain, fixture.Billed));
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd,
            CostReport.Read([fixture.Destination]).By(CostGrouping.None)[0].Cost);
    }

    [SmallDiskFact]
    public async Task A_full_disk_while_writing_a_jobs_requests_is_reported_as_such()
    {
        using var fixture =
            new EmulatorFixture(new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        using var disk = new SmallDisk(fixture.Destination, "64k");
        var options = new BatchOptions { Mode = BatchMode.Batch };
        NbException error =
            await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(EmulatorFixture.Many(200), options));
        Assert.Equal(("Nb.File.Unwritable", ".jsonl"), (error.ErrorId, Path.GetExtension((string)error.Target!)));
        Assert.False(File.Exists((string)error.Target!));
        // A sentence, whether or not the system says one.
        Assert.Matches(@"[^.]\.$", error.Message);
        disk.Remount("size=64m");
        (BatchSummary rest, _) = await fixture.RunAsync(null);
        Assert.Equal((200, 200), (rest.Made, fixture.Billed));
    }

    [Fact]
    public async Task A_file_in_place_of_the_jobs_folder_is_reported_before_anything_is_sent()
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(Path.Combine(fixture.Destination, ".nb"));
        File.WriteAllText(Path.Combine(fixture.Destination, ".nb", "jobs"), "mine");
        var options = new BatchOptions { Mode = BatchMode.Batch };
        NbException error =
            await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(EmulatorFixture.Many(1), options));
        Assert.Equal(("Nb.File.Unwritable", 0), (error.ErrorId, fixture.Emulator.Statistics.Requests));
    }

    [SmallDiskFact]
    public async Task A_read_only_destination_can_only_be_read()
    {
        using var fixture = new EmulatorFixture();
        using var disk = new SmallDisk(fixture.Destination, "8m");
        await fixture.RunAsync(EmulatorFixture.Many(2));
        disk.Remount("ro");
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("item-1", EmulatorFixture.Many(2)));
        Assert.Equal(2, CostReport.Read([fixture.Destination]).Lines[0].Answers);
        NbException error = Assert.Throws<NbException>(() => fixture.Open(EmulatorFixture.Many(3)));
        Assert.Equal("Nb.File.Unwritable", error.ErrorId);
        Assert.Equal(2, fixture.Billed);
        disk.Remount("rw");
    }
}
