using System.Diagnostics;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Images;
using NanoBanana.Requests;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Batches;

/// <summary>Scores that are enforced by a real process that is really killed, against a server in a process of its own:
/// no try is paid twice, every try is on record, and the next run goes on.</summary>
public sealed class EnforceProcessKillTests(ITestOutputHelper output)
{
    private const int Kills = 3;
    private const int Parallel = 2;
    private const int MostTries = 3;

    [Theory]
    [InlineData("live", 4)]
    [InlineData("batch", 3)]
    public async Task A_run_killed_between_tries_pays_no_try_twice_and_records_all(string mode, int items)
    {
        using var folder = new TemporaryFolder();
        await DrawFoxAsync(folder["fox.jpg"]);
        // Live every second picture is another fox; of jobs, all of the first one.
        await File.WriteAllTextAsync(folder["faults.json"], """
            {"faults":[{"fault":"forgetReferences","path":"*image*:generateContent","every":2},
              {"fault":"forgetReferences","path":"*:batchGenerateContent","nth":1}]}
            """);
        string scenes = string.Join(',', Enumerable.Range(1, items).Select(number =>
            $$"""{"name":"scene-{{number}}","prompt":"scene {{number}} of the fox","anchors":["fox"]}"""));
        await File.WriteAllTextAsync(folder["manifest.json"], $$"""
            {"defaults":{"model":"gemini-3.1-flash-image","size":"512","minimumScore":0.8,"maximumTryCount":{{MostTries}}},
             "anchors":[{"name":"fox","path":"fox.jpg"}],"items":[{{scenes}}]}
            """);
        using ServerProcess server =
            await ServerProcess.StartAsync("--latency", "40ms", "--faults", folder["faults.json"]);
        var random = new Random(17);
        int landed = 0;
        string said = "";
        for (int kill = 0; kill <= Kills; kill++)
        {
            int until = await server.BilledAsync() + random.Next(1, 4);
            using Process run = KillTests.Start(folder["manifest.json"], folder["out"], server.BaseUri,
                "--mode", mode, "--parallel", $"{Parallel}");
            Task<string> told = run.StandardOutput.ReadToEndAsync(), error = run.StandardError.ReadToEndAsync();
            // The last one is left in peace.
            if (kill < Kills)
            {
                while (!run.HasExited && await server.BilledAsync() < until) await Task.Delay(10);
                // Any moment after an answer is as good as another.
                await Task.Delay(random.Next(0, 300));
                if (!run.HasExited) landed++;
                run.Kill();
            }
            await run.WaitForExitAsync();
            said = await told + await error;
        }

        LedgerEvent[] events = [.. LedgerFile.ReadAll(folder["out"]).Events];
        LedgerEvent[] received = [.. events.Where(line => line.Kind == LedgerEventKind.Received)];
        string[] uncertain =
            [.. events.Where(line => line.Kind == LedgerEventKind.Uncertain).Select(line => line.Item)];
        // One whose finding was known from before costs nothing.
        int judged = events.Count(line => line is { Kind: LedgerEventKind.Judged, Cost: > 0 });
        int pictures = await server.BilledImagesAsync(), judgings = await server.BilledAsync() - pictures;
        output.WriteLine($"{mode}: {landed} of {Kills} kills landed; {pictures} pictures billed, {received.Length} on "
            + $"record, {uncertain.Length} uncertain; {judgings} judgings billed, {judged} on record. {said}");
        Assert.NotEqual(0, landed);
        // Every picture on the bill is on record, or was lost with a process and is said to be uncertain.
        Assert.InRange(pictures, received.Length, received.Length + uncertain.Length);
        // A judging that a process did not come to write down is asked for once more, and no other.
        Assert.InRange(judgings, judged, judged + (landed * Parallel));
        Assert.Equal(received.Length, received.Select(line => (line.Item, line.Try)).Distinct().Count());
        for (int number = 1; number <= items; number++)
        {
            string name = $"scene-{number}";
            int tries = received.Count(line => line.Item == name);
            Assert.InRange(tries, uncertain.Contains(name) ? 0 : 1, MostTries);
            if (uncertain.Contains(name)) continue;
            NbImage[] kept = [.. Directory.GetFiles(folder["out"], $"{name}*.jpg").Select(ImageFile.Import)];
            Assert.Equal(tries, kept.Length);
            Assert.All(kept, image => Assert.NotNull(image.Verdict));
            NbImage best = kept.Single(image => Path.GetFileName(image.Path) == $"{name}.jpg");
            Assert.True(best.Verdict!.IsAccepted || tries == MostTries, $"{name}: {best.Verdict}, {tries} tries");
        }
    }

    private static async Task DrawFoxAsync(string path)
    {
        using var other = new EmulatorFixture();
        IReadOnlyList<NbImage> drawn = await other.SendAsync(
            new ImageRequest { Prompt = "a fox", Model = "gemini-3.1-flash-image", Size = "512" });
        await File.WriteAllBytesAsync(path, drawn[0].GetBytes());
    }
}
