using System.Diagnostics;
using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Reports;
using NanoBanana.Storage;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Batches;

/// <summary>Real processes, really killed. NB_KILL_ITEMS and NB_KILL_COUNT make it larger.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Items = Setting("NB_KILL_ITEMS", 40);
    private static readonly int Kills = Setting("NB_KILL_COUNT", 8);

    [Fact]
    public async Task After_a_kill_at_any_moment_nothing_is_lost_and_nothing_is_paid_twice()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(40) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(Items));
        var random = new Random(11);
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process run = Start(manifest, fixture.Destination, server.BaseUri, "--resend-uncertain");
            // Killed somewhere between the first request of this run and the last answer.
            int until = fixture.Emulator.Statistics.Requests + 1 + random.Next(0, Items / Kills);
            while (!run.HasExited && fixture.Emulator.Statistics.Requests < until) await Task.Yield();
            run.Kill();
            await run.WaitForExitAsync();
        }
        using (Process last = Start(manifest, fixture.Destination, server.BaseUri, "--resend-uncertain"))
        {
            string output = await last.StandardOutput.ReadToEndAsync();
            await last.WaitForExitAsync();
            Assert.True(last.ExitCode == 0, output);
        }
        int uncertain =
            LedgerFile.ReadAll(fixture.Destination).Events.Count(line => line.Kind == LedgerEventKind.Uncertain);
        Assert.Equal(Items, Directory.GetFiles(fixture.Destination, "*.jpg").Length);
        // Each once, and beyond that only what was reported as uncertain.
        Assert.InRange(fixture.Billed, Items, Items + uncertain);
    }

    [Fact]
    public async Task After_a_kill_during_downloads_complete_pictures_are_kept_and_the_rest_is_uncertain()
    {
        int items = Setting("NB_KILL_ITEMS", 20), kills = Setting("NB_KILL_COUNT", 4);
        // So slow that a picture takes longer to arrive than the moments of the kills lie apart.
        using ServerProcess server =
            await ServerProcess.StartAsync("--latency", "40ms", "--bytes-per-second", "400000");
        using var folder = new TemporaryFolder();
        string manifest = folder["manifest.json"], destination = folder["out"];
        await File.WriteAllTextAsync(manifest, EmulatorFixture.Many(items));
        var random = new Random(16);
        var arrived = new HashSet<string>();
        int landed = 0;
        for (int kill = 0; kill <= kills; kill++)
        {
            int before = await server.BilledAsync();
            using Process run = Start(manifest, destination, server.BaseUri, "--parallel", "4");
            Task<string> said = run.StandardOutput.ReadToEndAsync(), error = run.StandardError.ReadToEndAsync();
            // The last one is left in peace.
            if (kill < kills)
            {
                while (!run.HasExited && await server.BilledAsync() == before) await Task.Delay(10);
                // Any moment of an answer is as good as another.
                await Task.Delay(random.Next(0, 1200));
                if (!run.HasExited) landed++;
                run.Kill();
            }
            await run.WaitForExitAsync();
            await Task.WhenAll(said, error);
            arrived.UnionWith(HashesIn(folder.Path));
        }
        IReadOnlyList<SentAnswer> sent = await server.SentAsync();
        LedgerEvent[] events = [.. LedgerFile.ReadAll(destination).Events];
        string[] uncertain =
            [.. events.Where(line => line.Kind == LedgerEventKind.Uncertain).Select(line => line.Item).Distinct()];
        NbImage[] images = [.. Directory.GetFiles(destination, "*.jpg").Select(ImageFile.Import)];
        SentAnswer[] lost = [.. sent.Where(answer => uncertain.Contains(ItemOf(answer)))];
        int late = images.Count(image => image.Conversation is null);
        output.WriteLine($"{items} items, {landed} of {kills} kills landed: the server received {sent.Count} requests, "
            + $"billed {sent.Count(answer => answer.IsBilled)} and sent {sent.Count(answer => answer.IsDelivered)} "
            + $"whole; {images.Length} kept ({late} found where they arrived), {uncertain.Length} uncertain, of which "
            + $"{uncertain.Length - lost.Length} never reached the server "
            + $"and {lost.Count(answer => answer.IsDelivered)} had left it whole");
        Assert.NotEqual(0, landed);
        // What was called uncertain by one run and is kept by a later one would have been there all along.
        Assert.Empty(images.Select(image => Path.GetFileNameWithoutExtension(image.Path)!).Intersect(uncertain)
            .Select(name => string.Join(" | ", events.Where(line => line.Item == name).Select(line =>
                $"{line.At:HH:mm:ss.fff} {line.Kind} {line.ErrorId} {line.Message}"))));
        // Not one is asked for a second time.
        Assert.Equal(sent.Count, sent.DistinctBy(answer => answer.Prompt).Count());
        Assert.Equal(items, images.Length + uncertain.Length);
        // What ever lay whole anywhere in the folder, and only that, is an image of the item it was made for.
        Assert.Equal(
            sent.Where(answer => answer.ImageHashes.Any(arrived.Contains)).Select(ItemOf).Order(),
            images.Select(image => Path.GetFileNameWithoutExtension(image.Path)!).Order());
        Assert.All(images, image => Assert.Contains(image.Sha256, sent.Single(answer =>
            ItemOf(answer) == Path.GetFileNameWithoutExtension(image.Path)).ImageHashes));
        Assert.All(lost, answer => Assert.DoesNotContain(answer.ImageHashes, arrived.Contains));
    }

    // Manifests of many items number their prompts as they number their names.
    private static string ItemOf(SentAnswer answer) => "item-" + answer.Prompt.Split(' ')[^1];

    private static IEnumerable<string> HashesIn(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Blob.FromFile(path).Sha256);

    [Theory]
    [InlineData("HUP")]
    [InlineData("TERM")]
    public async Task A_hangup_finishes_requests_in_flight_like_a_termination(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(1500) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(12));
        using Process run = Start(manifest, fixture.Destination, server.BaseUri, "--parallel", "2");
        Task<string> said = run.StandardOutput.ReadToEndAsync(), error = run.StandardError.ReadToEndAsync();
        await fixture.Emulator.Journal.WaitForAsync(entry =>
            entry.Path.EndsWith(":generateContent", StringComparison.Ordinal));
        Assert.Null(SmallDisk.Run("kill", "-" + signal, run.Id.ToString(CultureInfo.InvariantCulture)));
        await run.WaitForExitAsync();
        await Task.WhenAll(said, error);
        LedgerEvent[] events = [.. LedgerFile.ReadAll(fixture.Destination).Events];
        Assert.DoesNotContain(events, line => line.Kind == LedgerEventKind.Uncertain);
        Assert.Equal(fixture.Billed, Directory.GetFiles(fixture.Destination, "*.jpg").Length);
        // Under nohup a hangup is to end nothing.
        if (signal == "HUP" && IgnoresHangups()) Assert.Equal(12, fixture.Billed);
        else Assert.InRange(fixture.Billed, 1, 11);
    }

    // Whether whoever started these tests has hangups ignored, which processes hand on.
    private static bool IgnoresHangups()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        string? mask = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) & 1) == 1;
    }

    [Fact]
    public async Task Eight_shards_in_eight_processes_make_each_item_once()
    {
        using var fixture = new EmulatorFixture();
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(24));
        Process[] shards = [.. Enumerable.Range(1, 8).Select(number => Start(
            manifest, fixture.Destination, server.BaseUri, "--shard",
                string.Create(CultureInfo.InvariantCulture, $"{number}/8")))];
        foreach (Process shard in shards)
        {
            string error = await shard.StandardError.ReadToEndAsync();
            await shard.WaitForExitAsync();
            Assert.True(shard.ExitCode == 0, error);
            shard.Dispose();
        }
        Assert.Equal(24, fixture.Billed);
        // Whoever opens the folder sees one batch, with the ledgers joined or not.
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(24));
        Assert.Equal(24, summary.UpToDate);
        CostLine before = Assert.Single(CostReport.Read([fixture.Folder]).Lines);
        Assert.Equal(8, Batch.Merge(fixture.Destination));
        Assert.Single(Directory.GetFiles(fixture.Destination, "ledger*.jsonl"));
        (summary, _) = await fixture.RunAsync(null);
        Assert.Equal(24, summary.UpToDate);
        CostLine after = Assert.Single(CostReport.Read([fixture.Folder]).Lines);
        Assert.Equal(before, after);
        Assert.Equal((24, fixture.Emulator.Statistics.BilledUsd), (after.Answers, after.Cost));
    }

    internal static Process Start(string manifest, string destination, Uri service, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GEMINI_API_KEY"] = "test" },
        };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "nb.dll"), "run", manifest, "--out", destination, "--base-uri",
                service.ToString(), .. more,
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture,
            out int value) ? value : otherwise;
}
