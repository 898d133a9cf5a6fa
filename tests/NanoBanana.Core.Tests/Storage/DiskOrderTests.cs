using System.Text.RegularExpressions;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Journal;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>The order in which bytes, names and folders reach the disk: what a power cut may take follows from
/// it.</summary>
public sealed partial class DiskOrderTests
{
    private const int Items = 3;

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task Every_file_is_flushed_before_it_gets_its_final_name(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        using var recorder = new DiskRecorder(fixture.Folder);
        Assert.True((
            await fixture.RunAsync(EmulatorFixture.Many(4), new BatchOptions { Mode = mode })).Summary.IsComplete);
        (DiskStep Step, string Path, string? From)[] all = [.. recorder.Steps];
        int seen = 0;
        for (int at = 0; at < all.Length; at++)
        {
            // What only this program reads may be flushed after it has its name.
            if (all[at].Step != DiskStep.Rename || BlobStore.IsWithin(all[at].Path)) continue;
            seen++;
            // Bytes before the name, under whichever name the file had then.
            var names = new HashSet<string> { all[at].From! };
            bool isFlushed = false;
            for (int before = at - 1; before >= 0; before--)
            {
                (DiskStep step, string path, string? from) = all[before];
                isFlushed |= step == DiskStep.FlushFile && names.Contains(path);
                if (step == DiskStep.Rename && names.Contains(path)) names.Add(from!);
            }
            Assert.True(isFlushed, all[at].Path);
            // And then the name.
            Assert.Contains((DiskStep.FlushFolder, Path.GetDirectoryName(all[at].Path)!, null),
                OperatingSystem.IsWindows() ? all : all[at..]);
        }
        // Four pictures, their sidecars, and the manifest.
        Assert.InRange(seen, 9, int.MaxValue);
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task After_a_power_cut_at_any_step_no_picture_is_lost_and_nothing_is_paid_twice(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        var options = new BatchOptions { Mode = mode, ThrottleLimit = 2 };
        var told = new HashSet<string>();
        List<DiskState> states;
        using (var recorder = new DiskRecorder(fixture.Destination)
        {
            Announced = () => new HashSet<string>(told),
            Sent = () => Sent(fixture, mode),
        })
        {
            using Batch batch = fixture.Open(EmulatorFixture.Many(Items), options);
            await foreach (BatchItem item in batch.RunAsync())
            {
                if (item.State == BatchItemState.Succeeded) told.Add(item.Name);
            }
            recorder.Take();
            states = recorder.States;
        }
        Assert.Equal(Items, told.Count);
        Assert.InRange(states.Count, 20, int.MaxValue);
        foreach (DiskState state in states)
        {
            state.Restore(fixture.Destination);
            int before = fixture.Emulator.Journal.Entries.Count;
            using (Batch again = fixture.Open(EmulatorFixture.Many(Items), options))
            {
                await foreach (BatchItem _ in again.RunAsync()) { }
                foreach (BatchItem item in again.Items)
                {
                    // Whole, or uncertain; what nobody had asked the service for is made now.
                    string where = $"{item.Name} after step {state.Number} ({state.Kind}): {item.State} {item.Error?.Message}";
                    Assert.True(item.State is BatchItemState.UpToDate or BatchItemState.Succeeded
                        || (item.State == BatchItemState.Uncertain && !state.Announced.Contains(item.Name)), where);
                    if (item.State != BatchItemState.Uncertain)
                    {
                        NbImage image = ImageFile.Import(Path.Combine(fixture.Destination, item.Name + ".jpg"));
                        Assert.True(image.RecordedSha256 == image.Sha256, where);
                    }
                    Assert.False(state.Sent.Contains(item.Name) && Sent(fixture, mode, before).Contains(item.Name),
                        "paid twice: " + where);
                }
            }
        }
    }

    // The items that the service was asked for since an entry of its journal.
    private static HashSet<string> Sent(EmulatorFixture fixture, BatchMode mode, int since = 0)
    {
        IEnumerable<JournalEntry> entries = fixture.Emulator.Journal.Entries.Skip(since);
        return mode == BatchMode.Live
            ? [.. entries.Where(entry => entry.Path.EndsWith(":generateContent", StringComparison.Ordinal))
                .Select(entry => PromptNumber().Match(entry.Body ?? ""))
                .Where(match => match.Success).Select(match => "item-" + match.Groups[1].Value)]
            : entries.Any(entry => entry.Path.EndsWith(":batchGenerateContent", StringComparison.Ordinal))
                ? [.. Enumerable.Range(1, Items).Select(number => FormattableString.Invariant($"item-{number}"))]
                : [];
    }

    [GeneratedRegex("picture number ([0-9]+)")]
    private static partial Regex PromptNumber();

    [Fact]
    public async Task A_complete_picture_is_recovered_when_its_process_was_killed_before_staging_it()
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
    public async Task Concurrent_callers_share_the_flush_of_a_folder()
    {
        using var folder = new TemporaryFolder();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Disk.FlushFolder(folder.Path))));
        string missing = folder["missing"];
        if (!OperatingSystem.IsWindows()) Assert.Throws<IOException>(() => Disk.FlushFolder(missing));
    }
}
