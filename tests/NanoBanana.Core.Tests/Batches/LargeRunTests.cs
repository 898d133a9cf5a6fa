using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Runs;

namespace NanoBanana.Tests.Batches;

/// <summary>The numbers of docs/large-runs.md: jobs are filled as they are submitted, and priced as they are
/// planned.</summary>
public sealed class LargeRunTests
{
    private const int Items = 1_000_000;

    // More than any job holds.
    private const int Sample = 1_100;
    private const int JobsAtOnce = 100;
    private const string Model = "gemini-3.1-flash-image";
    private const string Begin = "<!-- numbers: written by LargeRunTests (NB_UPDATE_BASELINE=1) -->\n";
    private const string End = "<!-- end of numbers -->";

    [Fact]
    public async Task The_page_of_numbers_is_what_jobs_hold_and_plans_say()
    {
        using var fixture = new EmulatorFixture();
        var table = new StringBuilder($"""
            {Model}, without references:

            | size | images a job | jobs | waves of 100 | sent | fetched, at most | at 1 Gbit/s | money | live |
            |---|---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (string size in new[] { "512", "1K", "2K", "4K" }) table.Append(await RowAsync(fixture, size));
        table.Append('\n');

        string page = File.ReadAllText(Page()).ReplaceLineEndings("\n");
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string written = $"{page[..from]}\n{table}{page[page.IndexOf(End, StringComparison.Ordinal)..]}";
        if (Environment.GetEnvironmentVariable("NB_UPDATE_BASELINE") == "1") File.WriteAllText(Page(), written);
        Assert.True(written == File.ReadAllText(Page()).ReplaceLineEndings("\n"),
            $"docs/large-runs.md is not up to date: run this test with NB_UPDATE_BASELINE=1.\n{table}");
        Assert.Equal(0, fixture.Billed);
    }

    private static async Task<string> RowAsync(EmulatorFixture fixture, string size)
    {
        IEnumerable<KeyValuePair<string, object?>[]> rows = Enumerable.Range(0, Sample).Select(number =>
            new KeyValuePair<string, object?>[]
            {
                new("name", $"item-{number:D7}"),
                new("prompt", $"A red fox with a blue scarf walks through the market of town number {number} at dawn."),
                new("model", Model),
                new("size", size),
            });
        var plan = BatchPlan.Create(Manifest.FromObjects(rows, fixture.Destination), fixture.Service,
            new BatchOptions(), fixture.Destination);
        string path = Path.Combine(fixture.Folder, $"job-{size}.jsonl");
        await using var job = new JobInput(size, path);
        foreach (BatchNode node in plan.Nodes)
        {
            if (!await job.TryAddAsync(node, node.Prepared, node.Prepared.Call, CancellationToken.None)) break;
        }
        int each = job.Nodes.Count;
        Assert.InRange(each, 2, Sample - 1);
        decimal bytes = (await job.CompleteAsync()).Length / (decimal)each;
        int jobs = (Items + each - 1) / each;
        decimal fetched = JobInput.OutputBytes(plan.Nodes[0].Prepared) * (decimal)Items;
        decimal money = Items * plan.Nodes.Average(node => node.BatchEstimate!.Value);
        decimal live = Items * plan.Nodes.Average(node => node.Estimate!.Value);
        Assert.Equal(2, decimal.Round(live / money, 1));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {size} | {each:N0} | {jobs:N0} | {(jobs + JobsAtOnce - 1) / JobsAtOnce:N0} | {bytes * Items / 1e6m:N0} MB "
            + $"| {fetched / 1e12m:0.#} TB | {fetched * 8 / 1e9m / 3600:0.#} hours | ${money:N0} | ${live:N0} |\n");
    }

    private static string Page([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "large-runs.md");
}
