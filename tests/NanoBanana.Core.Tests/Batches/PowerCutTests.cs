using System.Diagnostics;
using System.Text.RegularExpressions;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Journal;
using NanoBanana.Images;
using NanoBanana.Tests.Storage;

namespace NanoBanana.Tests.Batches;

/// <summary>Real file systems whose power is cut: the block device is copied while nb works, and the copy mounted.
/// Nothing is committed by time alone, so that only what was flushed is there.</summary>
public sealed partial class PowerCutTests
{
    private const int Items = 6;

    [BlockDeviceFact("ext4:commit=600")]
    public Task Ext4_live() => CutAsync("ext4:commit=600");

    [BlockDeviceFact("ext4:commit=600")]
    public Task Ext4_as_jobs() => CutAsync("ext4:commit=600", "--mode", "batch");

    [BlockDeviceFact("ext4:commit=600,data=writeback")]
    public Task Ext4_that_names_blocks_before_it_writes_them() => CutAsync("ext4:commit=600,data=writeback");

    [BlockDeviceFact("xfs")]
    public Task Xfs_live() => CutAsync("xfs");

    [BlockDeviceFact("xfs")]
    public Task Xfs_as_jobs() => CutAsync("xfs", "--mode", "batch");

    [BlockDeviceFact("btrfs:commit=300")]
    public Task Btrfs_live() => CutAsync("btrfs:commit=300");

    [BlockDeviceFact("btrfs:commit=300")]
    public Task Btrfs_as_jobs() => CutAsync("btrfs:commit=300", "--mode", "batch");

    private static async Task CutAsync(string fileSystem, params string[] mode)
    {
        using var fixture = new EmulatorFixture(new()
        {
            BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero,
        });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(Items));
        using var disks = new TemporaryFolder();
        string early = disks["early"], late = disks["late"];
        HashSet<string> told = [], toldEarly = [], sentEarly = [];
        using (var device = new BlockDevice(disks["disk"], fileSystem))
        {
            using Process run = KillTests.Start(
                manifest, Path.Combine(device.Folder, "out"), server.BaseUri, ["--parallel", "2", .. mode]);
            for (string? line; (line = await run.StandardOutput.ReadLineAsync()) is not null;)
            {
                if (Made().Match(line) is { Success: true } made && told.Add(made.Groups[1].Value)
                    && told.Count == Items / 2)
                {
                    toldEarly = [.. told];
                    sentEarly = Sent(fixture, 0, mode);
                    device.CopyTo(early);
                }
                if (line.Contains("6 made", StringComparison.Ordinal)) device.CopyTo(late);
            }
            await run.WaitForExitAsync();
            Assert.True(run.ExitCode == 0, await run.StandardError.ReadToEndAsync());
        }
        Assert.Equal((Items, Items), (told.Count, fixture.Billed));
        await CheckAsync(fixture, server, fileSystem, early, toldEarly, sentEarly, mode);
        int before = fixture.Billed;
        await CheckAsync(fixture, server, fileSystem, late, told, Sent(fixture, 0, mode), mode);
        Assert.Equal(before, fixture.Billed);
    }

    private static async Task CheckAsync(EmulatorFixture fixture, EmulatorServer server, string fileSystem, string copy,
        HashSet<string> told, HashSet<string> sent, string[] mode)
    {
        using BlockDevice device = BlockDevice.OfCopy(copy, fileSystem);
        string destination = Path.Combine(device.Folder, "out");
        foreach (string name in told)
        {
            // Before anything repairs it.
            NbImage image = ImageFile.Import(Path.Combine(destination, name + ".jpg"));
            Assert.Equal((name, image.RecordedSha256), (name, image.Sha256));
            image.Conversation!.Blobs.ToList().ForEach(blob => blob.Verify());
        }
        int entries = fixture.Emulator.Journal.Entries.Count;
        string manifest = Path.Combine(fixture.Folder, "manifest.json");
        using Process run = KillTests.Start(manifest, destination, server.BaseUri, mode);
        string error = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        // Not silently: what may have been billed and is not there is told as uncertain.
        foreach (int number in Enumerable.Range(1, Items))
        {
            string name = FormattableString.Invariant($"item-{number}");
            string path = Path.Combine(destination, name + ".jpg");
            if (!File.Exists(path))
            {
                Assert.DoesNotContain(name, told);
                Assert.Contains($"{name}:", error, StringComparison.Ordinal);
                continue;
            }
            NbImage image = ImageFile.Import(path);
            Assert.Equal((name, image.RecordedSha256), (name, image.Sha256));
        }
        Assert.Empty(Sent(fixture, entries, mode).Intersect(sent));
    }

    // The items that the service was asked for since an entry of its journal.
    private static HashSet<string> Sent(EmulatorFixture fixture, int since, string[] mode)
    {
        JournalEntry[] entries = [.. fixture.Emulator.Journal.Entries.Skip(since)];
        return mode.Length == 0
            ? [.. entries.Select(entry => Number().Match(entry.Body ?? "")).Where(match => match.Success)
                .Select(match => "item-" + match.Groups[1].Value)]
            : entries.Any(entry => entry.Path.EndsWith(":batchGenerateContent", StringComparison.Ordinal))
                ? [.. Enumerable.Range(1, Items).Select(number => FormattableString.Invariant($"item-{number}"))]
                : [];
    }

    [GeneratedRegex(@"\bmade +([^:]+):")]
    private static partial Regex Made();

    [GeneratedRegex("picture number ([0-9]+)")]
    private static partial Regex Number();
}
