using System.Diagnostics;
using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Pictures;
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
    public async Task Killed_at_any_moment_nothing_is_lost_and_nothing_is_paid_twice()
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
    public async Task Killed_while_pictures_arrive_what_arrived_is_kept_and_only_the_rest_is_uncertain()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(40) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(Items));
        string temporary = Path.Combine(fixture.Destination, ".nb", "tmp");
        var random = new Random(16);
        int taken = 0;
        for (int kill = 0; kill <= Kills; kill++)
        {
            string[] arrived = Leftovers(temporary);
            taken += arrived.Length;
            // The last one is left in peace.
            using Process run = Start(manifest, fixture.Destination, server.BaseUri, "--parallel", "16");
            Task<string> said = run.StandardOutput.ReadToEndAsync(), error = run.StandardError.ReadToEndAsync();
            if (kill < Kills)
            {
                int until = fixture.Billed + 1 + random.Next(0, Math.Max(1, Items / Kills));
                while (!run.HasExited && fixture.Billed < until) await Task.Yield();
                run.Kill();
            }
            await run.WaitForExitAsync();
            await Task.WhenAll(said, error);
            // Whatever lay there whole has been taken in, or is still on its way after this kill.
            if (kill == Kills) Assert.DoesNotContain(arrived, File.Exists);
        }
        Assert.Empty(Leftovers(temporary));
        LedgerEvent[] events = [.. LedgerFile.ReadAll(fixture.Destination).Events];
        int uncertain =
            events.Where(line => line.Kind == LedgerEventKind.Uncertain).DistinctBy(line => line.Item).Count();
        string[] pictures = Directory.GetFiles(fixture.Destination, "*.jpg");
        output.WriteLine($"{Items} items, {Kills} kills: {fixture.Billed} answered by the server, "
            + $"{pictures.Length} kept "
            + $"({taken} found whole where they arrived), {uncertain} uncertain");
        Assert.Equal(Items, pictures.Length + uncertain);
        NbImage[] images = [.. pictures.Select(ImageFile.Import)];
        Assert.All(images, image => Assert.Equal(image.RecordedSha256, image.Sha256));
        // Not one is asked for a second time.
        Assert.InRange(fixture.Billed, pictures.Length, Items);
    }

    // Whole pictures that lie where answers arrive.
    private static string[] Leftovers(string temporary) => !Directory.Exists(temporary) ? []
        : [.. Directory.GetFiles(temporary).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)
            && new FileInfo(path).Length > 0 && PictureEnd.IsReached(Blob.FromFile(path), isShortened: false))];

    [Theory]
    [InlineData("HUP")]
    [InlineData("TERM")]
    public async Task A_hangup_finishes_what_is_in_flight_as_a_termination_does(string signal)
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
