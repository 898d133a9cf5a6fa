using System.Diagnostics;
using System.Text.Json;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Tests.Batches;

/// <summary><c>nb</c> on a batch's folder: the same answers as the cmdlets give, on the same engine.</summary>
public sealed class CliTests
{
    [Fact]
    public async Task Status_and_usage_show_the_results_of_a_run()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2));
        Assert.Equal((0, "2 items: 2 up to date"), await RunAsync("; cost", "status", fixture.Destination));
        (int code, string sum) = await RunAsync(null, "usage", fixture.Folder, "--by", "none");
        Assert.Equal(0, code);
        Assert.Contains($"total: 2 answers, ${fixture.Emulator.Statistics.BilledUsd:0.0000} ", sum,
            StringComparison.Ordinal);
        (_, string byModel) =
            await RunAsync(null, "usage", fixture.Folder, "--by", "model,mode", "--since", "2020-01-01");
        Assert.StartsWith("gemini-3.1-flash-lite-image, live: 2 answers", byModel, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(null, "usage", fixture.Folder, "--by", "color")).Code);
        Assert.Equal(2, (await RunAsync(null, "status", fixture.Folder)).Code);
    }

    [Fact]
    public async Task Run_makes_each_edition_once()
    {
        using var fixture = new EmulatorFixture();
        string manifest = fixture.Write("m.json", EmulatorFixture.Many(2));
        string[] run = ["run", manifest, "--out", fixture.Destination, "--offline", "--edition"];
        Assert.Contains("2 items: 2 made", (await RunAsync(null, [.. run, "2026-W48"])).Said, StringComparison.Ordinal);
        Assert.Contains("Everything is up to date", (await RunAsync(null, [.. run, "2026-W48"])).Said,
            StringComparison.Ordinal);
        (int code, string said) = await RunAsync(null, [.. run, "2026-W49"]);
        Assert.Equal(0, code);
        Assert.Contains("2 items: 2 made", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_writes_each_item_as_json_and_a_log_line_with_its_time()
    {
        using var fixture = new EmulatorFixture();
        string manifest = fixture.Write("m.json", EmulatorFixture.Many(2));
        (int code, string said) =
            await RunAsync(null, "run", manifest, "--out", fixture.Destination, "--offline", "--json");
        Assert.Equal(0, code);
        JsonElement[] lines = [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3, lines.Length);
        Assert.All(lines[..2], line => Assert.Equal("Succeeded", line.GetProperty("state").GetString()));
        Assert.Equal((2, 0), (lines[2].GetProperty("made").GetInt32(), lines[2].GetProperty("exitCode").GetInt32()));
        (_, said) = await RunAsync(null, "run", manifest, "--out", fixture.Destination, "--offline", "--force");
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ made     item-1: .+\(\d+x\d+, \$\d", said);
    }

    [Theory]
    [InlineData("--per changes nothing without --max-cost", "run", "--out", "x", "--per", "day")]
    [InlineData("--port changes nothing without --serve", "report", ".", "--port", "80")]
    [InlineData("--out changes nothing beside --serve", "report", ".", "--serve", "--out", "x.html")]
    public async Task Options_without_effect_are_refused(string words, params string[] arguments)
    {
        (int code, string said) = await RunAsync(null, arguments);
        Assert.Equal(2, code);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  4  some items", "run", "--help")]
    [InlineData("  5  with --stale", "status", "--help")]
    [InlineData("  3  the budget", "--help")]
    public async Task Help_lists_the_exit_codes(string words, params string[] arguments)
    {
        (int code, string said) = await RunAsync(null, arguments);
        Assert.Equal(0, code);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_reports_stale_items_to_a_scheduler()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2), new BatchOptions { Only = ["item-1"] });
        (int code, string said) = await RunAsync(null, "status", fixture.Destination, "--stale");
        Assert.Equal(5, code);
        Assert.Contains("item-2: was never made", said, StringComparison.Ordinal);
        await fixture.RunAsync(null);
        Assert.Equal((0, "0 of 2 items are not what they should be"),
            await RunAsync("\n", "status", fixture.Destination, "--stale", "--older-than", "7d"));
        Assert.Equal(2, (await RunAsync(null, "status", fixture.Destination, "--stale", "--older-than", "week")).Code);
    }

    [Fact]
    public async Task Wait_ends_when_no_process_works_on_the_batch()
    {
        using var fixture = new EmulatorFixture();
        Task<(int Code, string Said)> waiting;
        using (Batch batch = fixture.Open(EmulatorFixture.Many(1)))
        {
            (int code, string said) = await RunAsync(null, "status", fixture.Destination);
            Assert.Equal(4, code);
            Assert.Contains("somebody works on it", said, StringComparison.Ordinal);
            Assert.Equal(4, (await RunAsync(null, "wait", fixture.Destination, "--timeout", "0.1")).Code);
            (_, said) = await RunAsync(null, "run", "--out", fixture.Destination, "--offline");
            Assert.Contains("Wait until it ends (nb wait), or stop it (nb stop).", said, StringComparison.Ordinal);
            waiting = RunAsync("; cost", "wait", fixture.Destination);
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.False(waiting.IsCompleted);
        }
        Assert.Equal((0, "1 item: 1 up to date"), await waiting);
    }

    [Fact]
    public async Task Stop_cancels_the_jobs_that_a_run_left()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.FromDays(1) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator, 0, null);
        string manifest = fixture.Write("m.json", EmulatorFixture.Many(2));
        string[] service = ["--base-uri", server.BaseUri.ToString()];
        Assert.Equal(4,
            (await RunAsync(null,
            ["run", manifest, "--out", fixture.Destination, "--mode", "batch", "--no-wait", .. service])).Code);
        Assert.Equal(4, (await RunAsync(null, "status", fixture.Destination)).Code);
        (int code, string said) = await RunAsync(null, ["stop", fixture.Destination, .. service]);
        Assert.Equal(1, code);
        Assert.Contains("2 items: 2 failed", said, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Billed);
    }

    [Fact]
    public async Task Stop_asks_the_process_at_work_and_waits_for_it()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(100) });
        Task<(int Code, string Said)> stopping = Task.FromResult((0, ""));
        using (Batch batch = fixture.Open(EmulatorFixture.Many(1000), new BatchOptions { ThrottleLimit = 1 }))
        {
            await foreach (BatchItem _ in batch.RunAsync())
            {
                if (batch.Summary.Made == 1 && stopping.IsCompleted)
                {
                    stopping = RunAsync("; cost", "stop", fixture.Destination);
                }
            }
            Assert.True(batch.StopReason is { IsAsked: true });
        }
        (int code, string said) = await stopping;
        Assert.Equal(1, code);
        Assert.Matches("^1000 items: [0-9]+ up to date, [0-9]+ pending$", said);
    }

    [Fact]
    public async Task Stop_cancels_the_jobs_of_a_process_that_died_before_it_did()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.FromDays(1) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator, 0, null);
        await fixture.RunAsync(EmulatorFixture.Many(2), new BatchOptions { Mode = BatchMode.Batch, Wait = false });
        Task<(int Code, string Said)> stopping;
        // It works no more, but its lock is still held.
        using (BatchLock.Take(fixture.Destination, shard: null))
        {
            stopping = RunAsync(null, "stop", fixture.Destination, "--base-uri", server.BaseUri.ToString());
            while (!File.Exists(Path.Combine(fixture.Destination, ".nb", "batch.stop"))) await Task.Delay(10);
        }
        Assert.Contains("2 items: 2 failed", (await stopping).Said, StringComparison.Ordinal);
        Assert.Equal(1,
            fixture.Emulator.Journal.Entries.Count(entry => entry.Path.EndsWith(":cancel", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"name":"a","prompt":"a fox","size":"3K"}""", "Use 'size' 1K, or another --model.")]
    [InlineData("""{"name":"a","prompt":"a fox","anchors":["kael"]}""",
        """Set it first: { "name": "kael", "path": "picture.png" } in the 'anchors' of the manifest.""")]
    [InlineData("""{"name":"a","prompt":"a fox [[SAFETY]]"}""", "lower 'safetyThreshold'")]
    [InlineData("name,prompt", "convert 'm.json' to JSON lines")]
    public async Task Errors_of_run_name_its_own_options_and_the_manifests_properties(string manifest, string advice)
    {
        using var fixture = new EmulatorFixture();
        string path = Path.Combine(fixture.Folder, "m.json");
        await File.WriteAllTextAsync(path, manifest[0] == '{' ? $$"""{"items":[{{manifest}}]}""" : manifest);
        (_, string said) = await RunAsync(null, "run", path, "--out", fixture.Destination, "--offline");
        Assert.Contains(advice, said, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<![\w-])-[A-Z]|-Nb[A-Z]|\{(option|command|way):", said);
    }

    [Fact]
    public async Task The_ledger_stores_names_and_a_report_shows_the_words_of_its_front_end()
    {
        using var fixture = new EmulatorFixture();
        string path = Path.Combine(fixture.Folder, "m.json");
        await File.WriteAllTextAsync(path, """{"items":[{"name":"a","prompt":"a fox [[SAFETY]]"}]}""");
        await RunAsync(null, "run", path, "--out", fixture.Destination, "--offline");
        Assert.Contains("{option:safetyThreshold}",
            await File.ReadAllTextAsync(Path.Combine(fixture.Destination, "ledger.jsonl")), StringComparison.Ordinal);
        Assert.Contains("lower \\u0027safetyThreshold\\u0027",
            await File.ReadAllTextAsync(Path.Combine(fixture.Destination, "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(24)]
    public async Task A_process_with_few_file_handles_works_or_does_not_start(int files)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(50) });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("m.json", EmulatorFixture.Many(20));
        string nb = Path.Combine(AppContext.BaseDirectory, "nb.dll");
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c",
            $"ulimit -n {files}; exec dotnet '{nb}' run '{manifest}' --out '{fixture.Destination}' --parallel 64 "
            + $"--base-uri {server.BaseUri}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GEMINI_API_KEY"] = "test" },
        })!;
        Task<string> said = process.StandardOutput.ReadToEndAsync(), troubles = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        string all = await said + await troubles;
        int made = files == 64 ? 20 : 0;
        Assert.Equal(made, fixture.Billed);
        Assert.Equal(made, Directory.Exists(fixture.Destination)
            ? Directory.GetFiles(fixture.Destination, "*.jpg").Length : 0);
        Assert.True(process.ExitCode == 0 == (made > 0), all);
        if (made > 0) Assert.Contains("8 requests at once", all, StringComparison.Ordinal);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="upTo">Where to cut what it said; null for all of it, its troubles last.</param>
    /// <param name="arguments">The command line.</param>
    private static async Task<(int Code, string Said)> RunAsync(string? upTo, params string[] arguments)
    {
        using Process process =
            Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "nb.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GEMINI_API_KEY"] = "test" },
        })!;
        Task<string> troubles = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, upTo is null ? said + await troubles : said.Split(upTo)[0]);
    }
}
