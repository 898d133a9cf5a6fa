using System.Collections.Concurrent;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>The order in which bytes, names and folders reach the disk: what a power cut may take follows from
/// it.</summary>
public sealed class DiskOrderTests
{
    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task Everything_is_on_disk_before_it_is_named(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        var steps = new ConcurrentQueue<(DiskStep Step, string Path, string? From)>();
        void Record(DiskStep step, string path, string? from)
        {
            if (path.StartsWith(fixture.Folder, StringComparison.Ordinal)) steps.Enqueue((step, path, from));
        }

        Disk.Done += Record;
        try
        {
            Assert.True((
                await fixture.RunAsync(EmulatorFixture.Many(4), new BatchOptions { Mode = mode })).Summary.IsComplete);
        }
        finally
        {
            Disk.Done -= Record;
        }
        (DiskStep Step, string Path, string? From)[] all = [.. steps];
        int renames = 0;
        for (int at = 0; at < all.Length; at++)
        {
            if (all[at].Step != DiskStep.Rename) continue;
            renames++;
            // Bytes before the name, also where the file has had another name since.
            string first = all[at].From!;
            for (int before = at - 1; before >= 0; before--)
            {
                if (all[before] is { Step: DiskStep.Rename, From: { } earlier } && all[before].Path == first)
                {
                    first = earlier;
                }
            }
            Assert.Contains((DiskStep.FlushFile, first, null), all[..at]);
            // And then the name.
            Assert.Contains((DiskStep.FlushFolder, Path.GetDirectoryName(all[at].Path)!, null),
                OperatingSystem.IsWindows() ? all : all[at..]);
        }
        foreach (int item in Enumerable.Range(1, 4))
        {
            string picture = Path.Combine(fixture.Destination, FormattableString.Invariant($"item-{item}.jpg"));
            int placed = Array.FindIndex(all, step => step.Step == DiskStep.Rename && step.Path == picture);
            int told = Array.FindIndex(all, step => step.Step == DiskStep.Rename && step.Path == picture + ".nb.json");
            Assert.InRange(placed, 0, told);
            // What it remembers lay beside it on disk before it was staged, and the folder's names before it was
            // placed.
            string staged = all[placed].From!;
            int remembered =
                Array.FindIndex(all, step => step.Step == DiskStep.Rename && step.Path == staged + ".nb.json");
            int arrived = Array.FindIndex(all, step => step.Step == DiskStep.Rename && step.Path == staged);
            Assert.InRange(remembered, 0, arrived);
            Assert.Contains((DiskStep.FlushFolder, Path.GetDirectoryName(staged)!, null), OperatingSystem.IsWindows()
                ? all : all[arrived..placed]);
        }
        Assert.InRange(renames, 12, int.MaxValue);
    }

    [Fact]
    public async Task A_picture_that_arrived_whole_is_taken_in_though_its_process_was_killed_before_it_was_staged()
    {
        using var fixture = new EmulatorFixture();
        string json = EmulatorFixture.Many(1), picture = Path.Combine(fixture.Destination, "item-1.jpg");
        await fixture.RunAsync(json);
        // As if the process had ended between the sidecar and the name.
        string ledger = Path.Combine(fixture.Destination, "ledger.jsonl"),
            temporary = Path.Combine(fixture.Destination, ".nb", "tmp");
        string[] lines = File.ReadAllLines(ledger);
        File.WriteAllLines(ledger,
            lines.Where(line =>
            !line.Contains("\"saved\"", StringComparison.Ordinal)
            && !line.Contains("\"received\"", StringComparison.Ordinal)));
        string sha256 = Blob.FromFile(picture).Sha256;
        File.Move(picture, Path.Combine(temporary, "qx3k.tmp"));
        File.Move(picture + ".nb.json", Path.Combine(temporary, $"received-{sha256}-x.nb.json"));
        var (summary, _) = await fixture.RunAsync(null);
        Assert.Equal((1, 1), (fixture.Billed, summary.UpToDate));
        Assert.Equal(sha256, Blob.FromFile(picture).Sha256);
        Assert.Empty(Directory.GetFiles(temporary));
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_the_flush_of_a_folder()
    {
        using var folder = new TemporaryFolder();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Disk.FlushFolder(folder.Path))));
        string missing = folder["missing"];
        if (!OperatingSystem.IsWindows()) Assert.Throws<IOException>(() => Disk.FlushFolder(missing));
    }
}
