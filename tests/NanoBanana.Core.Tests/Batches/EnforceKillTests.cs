using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Reports;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Batches;

/// <summary>A run that is ended between tries, before judging, before composing or while files get their names: what it
/// leaves is gone on from, nothing is bought twice, and its cost is on record. With NB_KILL_COUNT every moment is tried
/// in both modes, otherwise every second one in each.</summary>
public sealed class EnforceKillTests
{
    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task A_run_killed_before_any_line_of_its_ledger_is_continued_by_the_next(BatchMode mode)
    {
        string wrong = string.Join(',', new[] { "*image*:generateContent", "*:batchGenerateContent" }.Select(path =>
            $$"""{"fault":"forgetReferences","path":"{{path}}","nth":1}"""));
        using var fixture = new EmulatorFixture(new EmulatorOptions
        {
            BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero, Drift = 2, IsRepeatable = true,
            Faults = Emulator.Faults.FaultScript.Parse($"[{wrong}]"),
        });
        using (var other = new EmulatorFixture())
        {
            // Small ones, since each copy of the folder composes and judges again.
            var request = new ImageRequest { Prompt = "a fox", Model = "gemini-3.1-flash-image", Size = "512" };
            IReadOnlyList<NbImage> drawn = await other.SendAsync(request);
            await File.WriteAllBytesAsync(Path.Combine(fixture.Folder, "fox.jpg"), drawn[0].GetBytes());
        }
        const string Json = """
            {"defaults":{"model":"gemini-3.1-flash-image","size":"512"},"items":[
              {"name":"a","from":"fox.jpg","edit":"give it a hat","region":"0,10,512,502",
               "minimumScore":0.8,"maximumTryCount":2}]}
            """;
        var options = new BatchOptions { Mode = mode, PollInterval = TimeSpan.FromMilliseconds(1) };
        var time = new SnapshotTime(fixture.Destination, Path.Combine(fixture.Folder, "copies"), () => fixture.Billed);
        (BatchSummary whole, List<BatchItem> told) = await fixture.RunAsync(Json, options with { TimeProvider = time });
        Assert.True(whole.Made == 1, $"{whole} {told[^1].Error}");
        // Two pictures and what was found of each.
        int all = fixture.Billed;
        Assert.Equal(4, all);
        Assert.InRange(time.All.Count, 10, 100);

        int uncertain = 0, step = Environment.GetEnvironmentVariable("NB_KILL_COUNT") is null ? 2 : 1;
        for (int at = mode == BatchMode.Live ? 0 : step - 1; at < time.All.Count; at += step)
        {
            (string folder, int billed) = time.All[at];
            int before = fixture.Billed, judged = Judgings(fixture);
            string last = (await File.ReadAllLinesAsync(Path.Combine(folder, "ledger.jsonl")))[^1];
            using Batch batch = Batch.Open(folder, fixture.Service, fixture.Manifest(Json), options);
            await foreach (BatchItem item in batch.RunAsync()) { }
            BatchItem made = batch.Items.Single();
            string where = $"snapshot {at}, behind {last}: {made} {made.Error?.Message}";
            int again = fixture.Billed - before, judgings = Judgings(fixture) - judged;
            if (made.State == BatchItemState.Uncertain)
            {
                uncertain++;
                Assert.True(again == 0, where);
            }
            else
            {
                Assert.True(made.HasImage, where);
                Assert.True(made.Path == Path.Combine(folder, "a.png"), where);
                Assert.True(File.Exists(Path.Combine(folder, "a-model.jpg")), where);
            }
            // What was judged and not put on record by then is judged once more, and no picture is bought twice.
            Assert.True(billed + again <= all + 1 && again - judgings <= 2, $"{where}: {billed} and {again} more");
            CostReport report = CostReport.Read([folder]);
            CostLine line = report.By(CostGrouping.None).Single();
            Assert.True(line.Answers + line.Uncertain >= billed + again - 2 - judgings, where);
            string[] pictures = Directory.GetFiles(folder, "*-model.jpg");
            Assert.True(pictures.Length == line.Answers, $"{where}: {pictures.Length} of {line.Answers}");
        }
        // No snapshot falls between sending and the arrival of a picture, which is known by then.
        Assert.Equal(0, uncertain);
    }

    private static int Judgings(EmulatorFixture fixture) => fixture.Emulator.Journal.Entries
        .Count(entry => entry.Path.EndsWith("flash-lite:generateContent", StringComparison.Ordinal));
}
