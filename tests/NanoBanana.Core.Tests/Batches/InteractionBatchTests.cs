using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini.Http;
using NanoBanana.Reports;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Batches;

/// <summary>Batches over the Interactions API: no answer that was paid for is lost or paid again. NB_KILL_ITEMS and
/// NB_KILL_COUNT make the kills more.</summary>
public sealed class InteractionBatchTests(ITestOutputHelper output)
{
    private static readonly int Items = Setting("NB_KILL_ITEMS", 30);
    private static readonly int Kills = Setting("NB_KILL_COUNT", 6);

    private static readonly GeminiClientOptions Interactions =
        new() { Api = ModelApi.Interactions, RetryDelay = TimeSpan.Zero, MaximumRetryCount = 0 };

    [Fact]
    public async Task After_a_kill_at_any_moment_answers_are_fetched_and_not_bought_again()
    {
        // Connections break too: after the id, and halfway through a picture.
        using var fixture = new EmulatorFixture(Faulty(
            """{"fault":"cutAfterCreated","every":7},{"fault":"cutInPicture","every":5}""") with
        {
            Latency = TimeSpan.FromMilliseconds(250),
        });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(Items));
        var random = new Random(11);
        int landed = 0;
        string[] more = ["--api", "interactions", "--resend-uncertain"];
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process run = KillTests.Start(manifest, fixture.Destination, server.BaseUri, more);
            int until = fixture.Emulator.Statistics.Requests + 1 + random.Next(0, Items / Kills);
            while (!run.HasExited && fixture.Emulator.Statistics.Requests < until) await Task.Yield();
            // Any moment of an answer is as good as another.
            await Task.Delay(random.Next(0, 400));
            if (!run.HasExited) landed++;
            run.Kill();
            await run.WaitForExitAsync();
        }
        using (Process last = KillTests.Start(manifest, fixture.Destination, server.BaseUri, more))
        {
            string said = await last.StandardOutput.ReadToEndAsync();
            await last.WaitForExitAsync();
            Assert.True(last.ExitCode == 0, said);
        }
        IReadOnlyList<LedgerEvent> events = LedgerFile.ReadAll(fixture.Destination).Events;
        int withoutId = events.Count(line => line.Kind == LedgerEventKind.Uncertain);
        int fetched = fixture.Emulator.Journal.Entries.Count(IsFetch);
        int cut = fixture.Emulator.Journal.Entries.Count(entry =>
            entry.Faults.Any(fault => fault.StartsWith("cut", StringComparison.OrdinalIgnoreCase)));
        output.WriteLine($"{Items} items, {landed} of {Kills} kills landed, {cut} connections cut: {Pictures(fixture)} "
            + $"pictures, {fixture.Billed} billed, {withoutId} uncertain without an id, {fetched} fetched");
        Assert.NotEqual(0, cut);
        Assert.Equal(Items, Pictures(fixture));
        // Each once, and beyond that only what was sent and had no name yet.
        Assert.InRange(fixture.Billed, Items, Items + withoutId);
        // What has a name is never uncertain: it was fetched.
        foreach (IGrouping<string, LedgerEvent> item in events.GroupBy(line => line.Item))
        {
            LedgerEvent[] lines = [.. item];
            for (int at = 1; at < lines.Length; at++)
            {
                Assert.False(lines[at].Kind == LedgerEventKind.Uncertain
                    && lines[at - 1].Kind == LedgerEventKind.Identified, item.Key);
                Assert.False(lines[at].Kind == LedgerEventKind.Submitted
                    && lines[at - 1].Kind == LedgerEventKind.Identified, item.Key);
            }
        }
    }

    [Fact]
    public async Task An_answer_that_could_not_be_fetched_is_fetched_by_the_next_run_and_counted_once()
    {
        // The stream breaks after the id, and the network is gone with it.
        using var fixture = new EmulatorFixture(Faulty(
            """{"fault":"cutAfterCreated","nth":1},{"fault":"resetOnArrival","method":"GET","nth":1}"""), Interactions);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(1));
        Assert.Equal(1, summary.Uncertain);
        Assert.Equal(1, fixture.Billed);

        Assert.Equal(BatchItemState.Pending, fixture.StateOf("item-1", EmulatorFixture.Many(1)));
        (summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(1));
        Assert.Equal(1, summary.Made);
        Assert.Equal(1, fixture.Billed);
        Assert.Equal("picture number 1", items[^1].Image!.Prompt);
        CostLine cost = Assert.Single(CostReport.Read([fixture.Folder]).Lines);
        Assert.Equal((1, fixture.Emulator.Statistics.BilledUsd), (cost.Answers, cost.Cost));
        // And a third run has nothing to do.
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("item-1", EmulatorFixture.Many(1)));
    }

    [Fact]
    public async Task A_lost_answer_stays_uncertain_until_the_user_consents()
    {
        using var fixture = new EmulatorFixture(Faulty(
            """{"fault":"cutAfterCreated","nth":1},{"fault":"resetOnArrival","method":"GET","nth":1}""") with
        {
            InteractionLifetime = TimeSpan.Zero,
        }, Interactions);
        await fixture.RunAsync(EmulatorFixture.Many(1));
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(1));
        Assert.Equal(1, summary.Uncertain);
        Assert.Equal("Nb.Answer.Gone", items[^1].Error!.ErrorId);
        Assert.Equal(1, fixture.Billed);
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(1), new BatchOptions { ResendUncertain = true });
        Assert.Equal(1, summary.Made);
        Assert.Equal(2, fixture.Billed);
    }

    [Fact]
    public async Task Fetching_an_answer_needs_no_budget()
    {
        using var fixture = new EmulatorFixture(Faulty(
            """{"fault":"cutAfterCreated","nth":1},{"fault":"resetOnArrival","method":"GET","nth":1}"""), Interactions);
        await fixture.RunAsync(EmulatorFixture.Many(1));
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(1), new BatchOptions { MaxCost = 0.0001m });
        Assert.Equal(1, summary.Made);
        Assert.Equal(1, fixture.Billed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cutInPicture")]
    public async Task Items_build_on_items(string? fault)
    {
        const string Chain = """
            {"api":"interactions","items":[{"name":"a","prompt":"a fox"},{"name":"b","from":"a","edit":"add a scarf"},
            {"name":"c","from":"b","edit":"at night"}]}
            """;
        using var fixture = new EmulatorFixture(fault is null ? null : Faulty($$"""{"fault":"{{fault}}"}"""));
        (BatchSummary summary, _) = await fixture.RunAsync(Chain);
        Assert.Equal(3, summary.Made);
        Assert.Equal(3, fixture.Billed);
        JsonObject[] bodies = [.. fixture.Emulator.Journal.Entries
            .Where(entry => entry is { Method: "POST", Path: "/v1/interactions" })
            .Select(entry => JsonNode.Parse(entry.Body!)!.AsObject())];
        Assert.Equal(["a fox", "add a scarf", "at night"], bodies.Select(body => (string?)body["input"]));
        Assert.All(bodies[1..], body => Assert.NotNull(body["previous_interaction_id"]));
        Assert.Contains("\"api\": \"Interactions\"",
            await File.ReadAllTextAsync(Path.Combine(fixture.Destination, Batch.ManifestName)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_use_generateContent_whatever_API_is_asked_for()
    {
        using var fixture = new EmulatorFixture(client: Interactions);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(2), new BatchOptions
        {
            Mode = BatchMode.Batch,
            PollInterval = TimeSpan.FromMilliseconds(100),
        });
        Assert.Equal(2, summary.Made);
        Assert.DoesNotContain(fixture.Emulator.Journal.Entries,
            entry => entry.Path.Contains("interactions", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_API_is_refused()
    {
        using var fixture = new EmulatorFixture();
        NbException e = Assert.Throws<NbException>(() =>
            fixture.Manifest("""{"api":"chat","items":[{"name":"a","prompt":"a fox"}]}"""));
        Assert.Equal("Nb.Connection.UnknownApi", e.ErrorId);
    }

    private static EmulatorOptions Faulty(string rules) =>
        new() { Faults = FaultScript.Parse($$"""{"faults":[{{rules}}]}""") };

    private static bool IsFetch(JournalEntry entry) =>
        entry.Method == "GET" && entry.Path.Contains("/interactions/", StringComparison.Ordinal);

    private static int Pictures(EmulatorFixture fixture) =>
        Directory.GetFiles(fixture.Destination, "*.jpg").Length;

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture,
            out int value) ? value : otherwise;
}
