using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Reports;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Batches;

public sealed class LiveRunnerTests
{
    private const string Chain = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
        {"name":"night","from":"fox","edit":"make it night"},
        {"name":"fox","prompt":"a fox"},
        {"name":"snow","from":"fox","edit":"let it snow"},
        {"name":"storm","from":"snow","edit":"more snow"}]}
        """;

    [Fact]
    public async Task The_same_picture_for_several_items_is_saved_for_each_with_a_warning()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { Faults = FaultScript.Parse("""{"faults":[{"fault":"sameAnswer"}]}""") });
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(6));
        Assert.Equal(6, summary.Made);
        Assert.Equal(5, items.Count(item => item.State == BatchItemState.Succeeded
            && item.Warnings.Any(warning => warning.Contains("very same picture", StringComparison.Ordinal))));
        Assert.Equal(6, Directory.GetFiles(fixture.Destination, "item-*.jpg").Length);
    }

    [Fact]
    public async Task A_graph_is_made_once_and_then_is_up_to_date()
    {
        using var fixture = new EmulatorFixture();
        (BatchSummary first, List<BatchItem> items) = await fixture.RunAsync(Chain);
        Assert.Equal(4, first.Made);
        Assert.True(first.IsComplete);
        Assert.Equal(4, fixture.Billed);
        Assert.True(first.Cost > 0);
        List<string> made = [.. items.Where(item => item.State == BatchItemState.Succeeded).Select(item => item.Name)];
        Assert.True(made.IndexOf("fox") < made.IndexOf("snow") && made.IndexOf("snow") < made.IndexOf("storm"));

        int requests = fixture.Emulator.Statistics.Requests;
        (BatchSummary second, _) = await fixture.RunAsync(Chain);
        Assert.Equal(4, second.UpToDate);
        Assert.Equal(requests, fixture.Emulator.Statistics.Requests);
    }

    [Fact]
    public async Task A_batch_continues_without_its_manifest_and_its_references()
    {
        using var fixture = new EmulatorFixture();
        string picture = await fixture.DrawFileAsync("kael.jpg", "kael");
        const string Json = """
            {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"anchors":[{"name":"kael","path":"kael.jpg"}],
            "items":[{"name":"a","prompt":"kael runs","anchors":["kael"]},{"name":"b","prompt":"[[NO_IMAGE]]","anchors":["kael"]}]}
            """;
        (BatchSummary first, _) = await fixture.RunAsync(Json);
        Assert.Equal((1, 1), (first.Made, first.Failed));
        File.Delete(picture);
        File.Delete(Path.Combine(fixture.Folder, "manifest.json"));
        (BatchSummary second, _) = await fixture.RunAsync(null, new BatchOptions { RetryFailed = true });
        Assert.Equal((1, 1), (second.UpToDate, second.Failed));
    }

    [Fact]
    public async Task A_changed_item_is_made_again_with_everything_made_from_it()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Chain);
        string changed = Chain.Replace("let it snow", "let it rain", StringComparison.Ordinal);
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("fox", changed));
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("night", changed));
        Assert.Equal(BatchItemState.Pending, fixture.StateOf("snow", changed));
        Assert.Equal(BatchItemState.Pending, fixture.StateOf("storm", changed));
        var another = new BatchOptions { Overrides = new() { Model = "nb2-3.1" } };
        Assert.Equal(BatchItemState.Pending, fixture.StateOf("fox", Chain, another));
        (BatchSummary summary, _) = await fixture.RunAsync(changed);
        Assert.Equal((2, 2), (summary.Made, summary.UpToDate));
        // The older pictures were paid for and are kept.
        Assert.Equal(2, Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "replaced"), "*.jpg").Length);
    }

    [Fact]
    public async Task Watch_waits_for_a_process_that_has_just_started()
    {
        using var fixture = new EmulatorFixture();
        await using IAsyncEnumerator<BatchPlan> seen = Batch.WatchAsync(fixture.Destination, fixture.Service)
            .GetAsyncEnumerator();
        using (BatchLock.Take(fixture.Destination, shard: null))
        {
            Task<bool> next = seen.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
            File.WriteAllText(Path.Combine(fixture.Destination, Batch.ManifestName), EmulatorFixture.Many(2));
            Assert.True(await next);
        }
        Assert.Equal(2, seen.Current.Summary.Pending);
    }

    [Fact]
    public async Task A_later_run_keeps_the_model_that_was_asked_for()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(3), new BatchOptions { Overrides = new() { Model = "nb2-3.1" } });
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(null);
        Assert.Equal((3, "gemini-3.1-flash-image"), (summary.UpToDate, items[0].Model));
        // Only for those it was asked for, in whichever shard.
        var second = new BatchOptions { Overrides = new() { Model = "nb2" }, Only = ["item-2"] };
        await fixture.RunAsync(null, second with { Shard = new Shard(1, 2) });
        await fixture.RunAsync(null, second with { Shard = new Shard(2, 2) });
        (summary, _) = await fixture.RunAsync(null);
        Assert.Equal((3, 4), (summary.UpToDate, fixture.Billed));
    }

    [Fact]
    public async Task A_changed_reference_or_picture_is_noticed()
    {
        using var fixture = new EmulatorFixture();
        await fixture.DrawFileAsync("kael.jpg", "kael");
        const string Json = """
            {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"anchors":[{"name":"kael","path":"kael.jpg"}],
            "items":[{"name":"a","prompt":"kael runs","anchors":["kael"]},{"name":"b","prompt":"a tree"},{"name":"c","prompt":"a bush"}]}
            """;
        await fixture.RunAsync(Json);
        await fixture.DrawFileAsync("kael.jpg", "another kael");
        File.WriteAllText(Path.Combine(fixture.Destination, "b.jpg"), "damaged");
        // The same bytes at another time are the same picture.
        File.SetLastWriteTimeUtc(Path.Combine(fixture.Destination, "c.jpg"),
            new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(BatchItemState.Pending, fixture.StateOf("a", Json));
        Assert.Equal(BatchItemState.Uncertain, fixture.StateOf("b", Json));
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("c", Json));
    }

    [Fact]
    public async Task A_failed_item_blocks_only_the_items_made_from_it()
    {
        using var fixture = new EmulatorFixture();
        string json = Chain.Replace("let it snow", "let it snow [[IMAGE_SAFETY]]", StringComparison.Ordinal);
        (BatchSummary first, List<BatchItem> items) = await fixture.RunAsync(json);
        Assert.Equal((2, 1, 1), (first.Made, first.Failed, first.Blocked));
        BatchItem failed = items.Single(item => item.State == BatchItemState.Failed);
        Assert.Equal(("snow", "Nb.Answer.NoImage"), (failed.Name, failed.Error!.ErrorId));
        BatchItem blocked = items.Single(item => item.State == BatchItemState.Blocked);
        Assert.Contains("'snow'", blocked.Error!.Message, StringComparison.Ordinal);

        int billed = fixture.Billed;
        (BatchSummary second, _) = await fixture.RunAsync(json);
        Assert.Equal((2, 1, 1, billed), (second.UpToDate, second.Failed, second.Blocked, fixture.Billed));
        (BatchSummary third, _) = await fixture.RunAsync(json, new BatchOptions { RetryFailed = true });
        Assert.Equal(1, third.Failed);
        Assert.True(fixture.Billed > billed);
    }

    [Fact]
    public async Task Only_makes_the_named_items_and_their_sources()
    {
        using var fixture = new EmulatorFixture();
        (BatchSummary summary, _) = await fixture.RunAsync(Chain, new BatchOptions { Only = ["st*"] });
        Assert.Equal((3, 3), (summary.Total, summary.Made));
        (summary, _) = await fixture.RunAsync(Chain, new BatchOptions { Only = ["st*"], Force = true });
        Assert.Equal((1, 2), (summary.Made, summary.UpToDate));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task The_budget_is_never_exceeded(int parallel)
    {
        using var fixture = new EmulatorFixture();
        var options = new BatchOptions { MaxCost = 1.00m, ThrottleLimit = parallel };
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(60), options);
        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.90m, 1.00m);
        Assert.InRange(summary.Cost, 0.90m, 1.00m);
        Assert.Equal(60, summary.Made + summary.Blocked);
        Assert.All(items.Where(item => item.State == BatchItemState.Blocked), item =>
            Assert.Equal("Nb.Budget.Exceeded", item.Error!.ErrorId));
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(60), new BatchOptions { ThrottleLimit = 8 });
        Assert.True(summary.IsComplete);
        Assert.Equal(60, fixture.Billed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Items_with_long_thoughts_never_exceed_the_budget(int parallel)
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"longThoughts","count":40000}]}""");
        using var fixture = new EmulatorFixture(new EmulatorOptions { Faults = faults });
        string json = EmulatorFixture.Many(20).Replace("nb2-lite", "nb2.1", StringComparison.Ordinal);
        (BatchSummary summary, _) =
            await fixture.RunAsync(json, new BatchOptions { MaxCost = 1, ThrottleLimit = parallel });
        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.60m, 1.00m);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, summary.Cost);
        Assert.Equal(20, summary.Made + summary.Blocked);
    }

    [Fact]
    public async Task A_pause_longer_than_a_run_waits_is_reported_and_leaves_its_item_to_the_next_run()
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"rateLimit","nth":[2],"retryDelay":"3600s"}]}""");
        using var fixture = new EmulatorFixture(new EmulatorOptions { Faults = faults });
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(Chain, new BatchOptions { ThrottleLimit = 1 });
        // What is made of the item waits with it.
        Assert.Equal(4, summary.Made + summary.Blocked);
        Assert.InRange(summary.Blocked, 1, 2);
        BatchItem told = items.First(item => item.Error?.RetryAfter == TimeSpan.FromHours(1));
        Assert.False(told.IsFinal);
        NbException why = Assert.Single(BatchItem.WhyHeldBack(items));
        Assert.Equal("Nb.Service.RateLimited", why.ErrorId);
        Assert.Contains("1 h 00 min", why.Message, StringComparison.Ordinal);
        (summary, _) = await fixture.RunAsync(Chain);
        Assert.Equal((4, true), (fixture.Billed, summary.IsComplete));
    }

    [Fact]
    public async Task Equal_bytes_for_several_items_are_separate_pictures()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { IsRepeatable = true });
        string json = "{\"defaults\":{\"model\":\"nb2-lite\"},\"items\":["
            + string.Join(',', Enumerable.Range(1, 6).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"same-{i}\",\"prompt\":\"a fox\"}}"))) + "]}";
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(json, new BatchOptions { ThrottleLimit = 6 });
        Assert.True(summary.Made == 6, string.Join('\n', items.Select(item => item.Error?.Message)));
        string[] pictures = Directory.GetFiles(fixture.Destination, "*.jpg");
        Assert.Equal(6, pictures.Length);
        Assert.Single(pictures.Select(path => Blob.FromFile(path).Sha256).Distinct());
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "tmp")));
        Assert.Equal(6, pictures.Count(path => ImageFile.Import(path).Conversation!.Turns.Length == 2));
    }

    [Fact]
    public async Task Refusals_as_too_many_slow_the_run_and_cost_nothing()
    {
        FaultScript faults =
            FaultScript.Parse("""{"faults":[{"fault":"rateLimit","every":3,"times":12,"retryDelay":"1ms"}]}""");
        using var fixture = new EmulatorFixture(
            new EmulatorOptions { Faults = faults },
                new GeminiClientOptions { RetryDelay = TimeSpan.FromMilliseconds(1), MaximumRetryCount = 1 });
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(20), new BatchOptions { ThrottleLimit = 8 });
        Assert.Equal((20, 20), (summary.Made, fixture.Billed));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(null, 0.12)]
    public async Task No_minute_has_more_requests_or_costs_more_than_allowed(int? requests, double? usd)
    {
        using var fixture = new EmulatorFixture();
        var options = new BatchOptions
        {
            ThrottleLimit = 1, RequestsPerMinute = requests, MaxCostPerMinute = (decimal?)usd,
                TimeProvider = new SteppingTime(),
        };
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(8), options);
        Assert.True(summary.IsComplete);
        LedgerEvent[] sent =
            [.. LedgerFile.ReadAll(fixture.Destination).Events.Where(line => line.Kind == LedgerEventKind.Submitted)];
        Assert.Equal(8, sent.Length);
        // Three fit into a minute, by number and by money; four never do.
        for (int i = 3; i < sent.Length; i++)
        {
            Assert.True(sent[i].At - sent[i - 3].At >= TimeSpan.FromMinutes(1), $"{i}");
        }
        Assert.True(sent[2].At - sent[0].At < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_used_up_quota_stops_the_batch()
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"perDayQuota","nth":[3]}]}""");
        using var fixture = new EmulatorFixture(new EmulatorOptions { Faults = faults });
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(EmulatorFixture.Many(10), new BatchOptions { ThrottleLimit = 1 });
        Assert.Equal((2, 1, 7), (summary.Made, summary.Failed, summary.Blocked));
        Assert.All(items.Where(item => item.Error is not null), item =>
            Assert.Equal("Nb.Service.QuotaExhausted", item.Error!.ErrorId));
        // That was not the items' fault: they are made as soon as it is possible, unasked.
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(10));
        Assert.True(summary.IsComplete);
    }

    [Fact]
    public async Task A_lost_answer_is_uncertain_and_sent_again_only_with_consent()
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"resetDuring","nth":[2],"bytes":100}]}""");
        using var fixture = new EmulatorFixture(new EmulatorOptions { Faults = faults });
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(3), new BatchOptions { ThrottleLimit = 1 });
        Assert.Equal((2, 1), (summary.Made, summary.Uncertain));
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3));
        Assert.Equal((2, 1, 3), (summary.UpToDate, summary.Uncertain, fixture.Billed));
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3), new BatchOptions { ResendUncertain = true });
        Assert.True(summary.IsComplete);
        Assert.Equal(4, fixture.Billed);
    }

    [Fact]
    public async Task Stop_finishes_what_is_in_flight()
    {
        using var fixture = new EmulatorFixture();
        using (Batch batch = fixture.Open(EmulatorFixture.Many(12), new BatchOptions { ThrottleLimit = 3 }))
        {
            await foreach (BatchItem item in batch.RunAsync())
            {
                if (item.State == BatchItemState.Succeeded) batch.Stop();
            }
            BatchSummary summary = batch.Summary;
            Assert.Equal(0, summary.Uncertain + summary.Running);
            Assert.Equal(fixture.Billed, summary.Made);
            Assert.True(summary.Pending > 0);
        }
        (BatchSummary rest, _) = await fixture.RunAsync(EmulatorFixture.Many(12));
        Assert.True(rest.IsComplete);
        Assert.Equal(12, fixture.Billed);
    }

    [Fact]
    public async Task A_caller_that_stops_pulling_leaves_nothing_unrecorded()
    {
        using var fixture = new EmulatorFixture();
        using (Batch batch = fixture.Open(EmulatorFixture.Many(12), new BatchOptions { ThrottleLimit = 3 }))
        {
            await foreach (BatchItem item in batch.RunAsync())
            {
                if (item.State == BatchItemState.Succeeded) break;
            }
            Assert.Equal(0, batch.Summary.Running);
        }
        (BatchSummary rest, _) = await fixture.RunAsync(EmulatorFixture.Many(12));
        Assert.Equal(12, rest.Made + rest.UpToDate + rest.Uncertain);
        Assert.InRange(fixture.Billed, 12 - rest.Uncertain, 12);
    }

    [Theory]
    [InlineData("saved")]
    [InlineData("saved", "received")]
    [InlineData("saved", "sidecar")]
    [InlineData("saved", "sidecar", "picture")]
    [InlineData("saved", "received", "sidecar", "picture")]
    public async Task An_answer_that_arrived_before_a_crash_is_saved_without_another_request(params string[] missing)
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2));
        string ledger = Path.Combine(fixture.Destination, "ledger.jsonl");
        File.WriteAllLines(ledger,
            File.ReadAllLines(ledger).Where(line => !line.Contains("\"item-1\"", StringComparison.Ordinal)
            || !missing.Any(kind => line.Contains($"\"event\":\"{kind}\"", StringComparison.Ordinal))));
        string picture = Path.Combine(fixture.Destination, "item-1.jpg");
        byte[] bytes = File.ReadAllBytes(picture);
        string staged = Path.Combine(fixture.Destination, ".nb", "tmp",
            "received-" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)).ToLowerInvariant());
        if (missing.Contains("sidecar")) File.Move(picture + ".nb.json", staged + ".nb.json");
        if (missing.Contains("picture")) File.Move(picture, staged);

        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(2));
        Assert.Equal((2, 2), (summary.UpToDate, fixture.Billed));
        Assert.Equal(picture, items.Single(item => item.Name == "item-1").Path);
        Assert.Equal(bytes, File.ReadAllBytes(picture));
        Assert.Equal(2, ImageFile.Import(picture).Conversation!.Turns.Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "tmp")));
        Assert.Equal(2, CostReport.Read([fixture.Destination]).Lines.Sum(line => line.Answers));
    }

    [Fact]
    public void A_second_process_is_refused()
    {
        using var fixture = new EmulatorFixture();
        using (Batch first = fixture.Open(Chain))
        {
            Assert.Equal("Nb.Batch.Locked", Assert.Throws<NbException>(() => fixture.Open(Chain)).ErrorId);
            Assert.Equal("Nb.Batch.Locked",
                Assert.Throws<NbException>(() =>
                fixture.Open(Chain, new BatchOptions { Shard = new Shard(1, 2) })).ErrorId);
        }
        using Batch shard = fixture.Open(Chain, new BatchOptions { Shard = new Shard(1, 2) });
        using Batch other = fixture.Open(Chain, new BatchOptions { Shard = new Shard(2, 2) });
        Assert.Equal("Nb.Batch.Locked", Assert.Throws<NbException>(() => fixture.Open(Chain)).ErrorId);
        Assert.Equal(4, shard.Items.Count + other.Items.Count);
    }

    [Fact]
    public async Task Another_process_sees_the_running_batch_and_its_items_in_flight()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromHours(1) });
        Assert.False(Batch.IsLocked(fixture.Destination));
        using (var abort = new CancellationTokenSource())
        {
            using Batch batch = fixture.Open(Chain);
            await using IAsyncEnumerator<BatchItem> run = batch.RunAsync(abort.Token).GetAsyncEnumerator(abort.Token);
            await run.MoveNextAsync();
            while (LedgerFile.ReadAll(fixture.Destination).Events.All(line => line.Kind != LedgerEventKind.Submitted))
            {
                await Task.Yield();
            }
            Assert.True(Batch.IsLocked(fixture.Destination));
            Assert.Equal(BatchItemState.Running, fixture.StateOf("fox", Chain));
            Assert.Equal(BatchItemState.Pending, fixture.StateOf("night", Chain));
            await abort.CancelAsync();
        }
        Assert.False(Batch.IsLocked(fixture.Destination));
        Assert.Equal(BatchItemState.Uncertain, fixture.StateOf("fox", Chain));
    }

    [Fact]
    public async Task Another_process_can_ask_it_to_stop()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(100) });
        await fixture.RunAsync(EmulatorFixture.Many(1));
        // What was asked of an earlier run is over.
        Batch.AskToStop(fixture.Destination, cancelJobs: false);
        using Batch batch = fixture.Open(EmulatorFixture.Many(200), new BatchOptions { ThrottleLimit = 2 });
        bool isAsked = false;
        await foreach (BatchItem item in batch.RunAsync())
        {
            if (batch.Summary.Made < 20 || isAsked) continue;
            isAsked = true;
            Assert.Null(batch.StopReason);
            Batch.AskToStop(fixture.Destination, cancelJobs: false);
        }
        BatchSummary summary = batch.Summary;
        Assert.InRange(summary.Made, 20, 150);
        Assert.Equal((1, 199 - summary.Made), (summary.UpToDate, summary.Pending));
        Assert.Equal(1 + summary.Made, fixture.Billed);
    }

    [Fact]
    public void A_ledger_of_a_newer_version_is_refused()
    {
        using var fixture = new EmulatorFixture();
        fixture.Open(Chain).Dispose();
        string path = Path.Combine(fixture.Destination, "ledger.jsonl");
        byte[] body = "{\"ledger\":2"u8.ToArray();
        string sum = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body)[..4]).ToLowerInvariant();
        File.WriteAllText(path, $"{{\"ledger\":2,\"sum\":\"{sum}\"}}\n");
        Assert.Equal("Nb.Batch.LedgerNewer", Assert.Throws<NbException>(() => fixture.Open(Chain)).ErrorId);
    }

    [Fact]
    public async Task A_foreign_file_is_never_replaced()
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        string foreign = Path.Combine(fixture.Destination, "item-1.jpg");
        File.WriteAllText(foreign, "mine");
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(1));
        Assert.Equal(1, summary.Made);
        Assert.Equal("mine", File.ReadAllText(foreign));
        Assert.EndsWith("item-1-2.jpg", items[^1].Path, StringComparison.Ordinal);
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(1));
        Assert.Equal(1, summary.UpToDate);
    }

    [Fact]
    public async Task A_file_can_be_the_source_of_an_edit()
    {
        using var fixture = new EmulatorFixture();
        await fixture.DrawFileAsync("photo.jpg", "a photo");
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(
            """{"items":[{"name":"a","from":"photo.jpg","edit":"make it night","model":"nb2-lite"}]}""");
        Assert.True(summary.IsComplete, items[^1].Error?.Message);
        (summary, _) = await fixture.RunAsync(null);
        Assert.Equal(1, summary.UpToDate);
    }

    [Fact]
    public async Task A_batch_continues_without_the_file_it_edits()
    {
        using var fixture = new EmulatorFixture();
        string photo = await fixture.DrawFileAsync("photo.jpg", "a photo");
        const string edits = """
            {"defaults":{"model":"nb2-lite"},"items":[{"name":"a","from":"photo.jpg","edit":"make it night"},{"name":"b","from":"photo.jpg","edit":"make it [[NO_IMAGE]]"}]}
            """;
        await fixture.RunAsync(edits);
        File.Delete(photo);
        string elsewhere = Path.Combine(fixture.Folder, "moved");
        Directory.Move(fixture.Destination, elsewhere);
        using Batch batch = Batch.Open(elsewhere, fixture.Service, options: new BatchOptions { RetryFailed = true });
        int requests = fixture.Emulator.Statistics.Requests;
        await foreach (BatchItem item in batch.RunAsync()) Assert.NotEqual("Nb.File.NotFound", item.Error?.ErrorId);
        Assert.Equal((1, 1, requests + 1),
            (batch.Summary.UpToDate, batch.Summary.Failed, fixture.Emulator.Statistics.Requests));
        // The manifest itself still names the file, and says so.
        Assert.Contains("Nb.Manifest.MissingSource", Assert.Throws<NbException>(() => fixture.Open(edits)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_of_many_items_is_uploaded_once()
    {
        using var fixture = new EmulatorFixture();
        await fixture.DrawFileAsync("kael.jpg", "kael");
        string json = EmulatorFixture.Many(6)
            .Replace("{\"defaults\":{",
            "{\"anchors\":[{\"name\":\"kael\",\"path\":\"kael.jpg\"}],\"defaults\":{\"anchors\":[\"kael\"],",
            StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(json, new BatchOptions { ThrottleLimit = 2 });
        Assert.Equal((6, 6), (summary.Made, fixture.Billed));
        Assert.Equal(1,
            fixture.Emulator.Journal.Entries.Count(entry =>
            entry.Path.StartsWith("/upload/v1/files", StringComparison.Ordinal)
            && entry.Headers.GetValueOrDefault("X-Goog-Upload-Command") == "start"));
        // Named by its address from the second use on.
        Assert.Equal(5, fixture.Emulator.Journal.Entries.Count(entry =>
            entry.Path.EndsWith(":generateContent", StringComparison.Ordinal)
                && entry.Body!.Contains("fileUri", StringComparison.Ordinal)));
        NbImage image = ImageFile.Import(Path.Combine(fixture.Destination, "item-6.jpg"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(fixture.Folder, "kael.jpg")),
            image.References[0].Picture.Data.ToArray());
    }

    [Fact]
    public async Task A_file_the_service_no_longer_has_is_uploaded_again()
    {
        using var fixture = new EmulatorFixture();
        await fixture.DrawFileAsync("kael.jpg", "kael");
        string json = EmulatorFixture.Many(3)
            .Replace("{\"defaults\":{",
            "{\"anchors\":[{\"name\":\"kael\",\"path\":\"kael.jpg\"}],\"defaults\":{\"anchors\":[\"kael\"],",
            StringComparison.Ordinal);
        await fixture.RunAsync(json);
        // The cache believes in 48 hours; the service has lost it meanwhile.
        fixture.Emulator.Advance(TimeSpan.FromHours(49));
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(json, new BatchOptions { Force = true, ThrottleLimit = 1 });
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Equal(6, fixture.Billed);
    }

    [Fact]
    public async Task A_changed_outFile_moves_the_picture()
    {
        using var fixture = new EmulatorFixture();
        const string before = """
            {"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"a","outFile":"x.jpg"},{"name":"b","prompt":"b","outFile":"y.jpg"},
            {"name":"c","prompt":"c"},{"name":"d","from":"c","edit":"d"}]}
            """;
        await fixture.RunAsync(before);
        string a = HashOf("x.jpg"), b = HashOf("y.jpg"), c = HashOf("c.jpg");
        // Two that change places, and one that goes into a folder of its own.
        string after = before.Replace("x.jpg", "z.jpg", StringComparison.Ordinal)
            .Replace("y.jpg", "x.jpg", StringComparison.Ordinal)
            .Replace("z.jpg", "y.jpg", StringComparison.Ordinal)
            .Replace("\"prompt\":\"c\"", "\"prompt\":\"c\",\"outFile\":\"deep/er/c\"", StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(after);
        Assert.Equal((4, 4), (summary.UpToDate, fixture.Billed));
        Assert.Equal((a, b, c), (HashOf("y.jpg"), HashOf("x.jpg"), HashOf("deep/er/c.jpg")));
        Assert.Equal(["d.jpg", "x.jpg", "y.jpg"],
            Directory.GetFiles(fixture.Destination, "*.jpg").Select(Path.GetFileName).Order());
        Assert.Equal(2,
            ImageFile.Import(Path.Combine(fixture.Destination, "deep/er/c.jpg")).Conversation!.Turns.Length);
        // All of it is on record: nothing is left to do.
        string ledger = Path.Combine(fixture.Destination, "ledger.jsonl");
        long length = new FileInfo(ledger).Length;
        (summary, _) = await fixture.RunAsync(after);
        Assert.Equal((4, length), (summary.UpToDate, new FileInfo(ledger).Length));
        Assert.Equal(4, CostReport.Read([fixture.Folder]).By(CostGrouping.None)[0].Answers);

        string HashOf(string name) => Blob.FromFile(Path.Combine(fixture.Destination, name)).Sha256;
    }

    [Fact]
    public async Task A_renamed_item_keeps_its_picture()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync("""{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"the same"}]}""");
        const string renamed =
            """{"defaults":{"model":"nb2-lite"},"items":[{"name":"b","prompt":"the same"},{"name":"c","prompt":"the same"}]}""";
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("b", renamed));
        (BatchSummary summary, _) = await fixture.RunAsync(renamed);
        // One picture was paid for, so one item has it; the other one wants its own.
        Assert.Equal((1, 1, 2), (summary.UpToDate, summary.Made, fixture.Billed));
        Assert.Equal(["b.jpg", "c.jpg"],
            Directory.GetFiles(fixture.Destination, "*.jpg").Select(Path.GetFileName).Order());
        (summary, _) = await fixture.RunAsync(renamed);
        Assert.Equal(2, summary.UpToDate);
    }

    [Fact]
    public async Task A_damaged_picture_is_not_moved_and_made_again_only_with_consent()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync("""{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"a"}]}""");
        File.WriteAllText(Path.Combine(fixture.Destination, "a.jpg"), "x");
        const string Elsewhere =
            """{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"a","outFile":"b"}]}""";
        (BatchSummary summary, _) = await fixture.RunAsync(Elsewhere);
        Assert.Equal((1, 1), (summary.Uncertain, fixture.Billed));
        (summary, _) = await fixture.RunAsync(Elsewhere, new BatchOptions { ResendUncertain = true });
        Assert.Equal((1, 2), (summary.Made, fixture.Billed));
    }

    [Theory]
    [InlineData(null, false, BatchItemState.UpToDate, "a.jpg")]
    [InlineData("\"outFile\":\"elsewhere\",", false, BatchItemState.UpToDate, "a.jpg")]
    [InlineData("\"seed\":7,", false, BatchItemState.Succeeded, "a-2.jpg")]
    [InlineData(null, true, BatchItemState.Succeeded, "a.jpg")]
    public async Task An_edited_picture_is_kept(string? changed, bool force, BatchItemState state,
        string file)
    {
        using var fixture = new EmulatorFixture();
        string json =
            """{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"a"},{"name":"b","from":"a","edit":"b"}]}""";
        await fixture.RunAsync(json);
        string retouched = Path.Combine(fixture.Destination, "a.jpg");
        File.AppendAllText(retouched, "a scarf");
        byte[] work = File.ReadAllBytes(retouched);
        json = json.Replace("\"name\":\"a\",", "\"name\":\"a\"," + changed, StringComparison.Ordinal);
        var options = new BatchOptions { Force = force, Only = ["a"] };
        string told =
            Assert.Single(
            BatchPlan.Create(fixture.Manifest(json), fixture.Service, options, fixture.Destination).Warnings);
        Assert.Contains(retouched, told, StringComparison.Ordinal);
        (_, List<BatchItem> items) = await fixture.RunAsync(json, options);
        Assert.Equal((state, file), (items[^1].State, Path.GetFileName(items[^1].Path)));
        Assert.Equal(state == BatchItemState.Succeeded ? 3 : 2, fixture.Billed);
        string kept = force ? Path.Combine(fixture.Destination, ".nb", "replaced", "a-1.jpg") : retouched;
        Assert.Equal(work, File.ReadAllBytes(kept));
        // What was made of it is not made again for that.
        if (state == BatchItemState.UpToDate) Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("b", json));
    }

    [Fact]
    public async Task A_lost_ledger_costs_nothing_while_the_pictures_are_there()
    {
        using var fixture = new EmulatorFixture();
        (BatchSummary made, _) = await fixture.RunAsync(Chain);
        File.Delete(Path.Combine(fixture.Destination, "ledger.jsonl"));
        File.AppendAllText(Path.Combine(fixture.Destination, "storm.jpg"), "damaged");
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("snow", Chain));
        Assert.Equal(BatchItemState.Pending,
            fixture.StateOf("snow", Chain.Replace("let it snow", "let it rain", StringComparison.Ordinal)));
        File.Delete(Path.Combine(fixture.Destination, "storm.jpg"));
        (BatchSummary summary, _) = await fixture.RunAsync(Chain);
        Assert.Equal((1, made.Total - 1, made.Total + 1), (summary.Made, summary.UpToDate, fixture.Billed));
        // On record again: now a picture may be changed by hand.
        File.AppendAllText(Path.Combine(fixture.Destination, "fox.jpg"), "a scarf");
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("fox", Chain));
        Assert.Equal(made.Total, CostReport.Read([fixture.Destination]).By(CostGrouping.None)[0].Answers);
    }

    [Fact]
    public async Task A_picture_that_lost_its_sidecar_is_kept()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        File.Delete(Path.Combine(fixture.Destination, "item-1.jpg.nb.json"));
        using Batch batch = fixture.Open(EmulatorFixture.Many(1));
        Assert.Equal(1, batch.Summary.UpToDate);
        Assert.Contains("sidecar", Assert.Single(batch.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saved_pictures_can_be_edited_further()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Chain);
        NbImage storm = ImageFile.Import(Path.Combine(fixture.Destination, "storm.jpg"));
        Assert.Equal(6, storm.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task Ten_thousand_items_are_planned_and_each_reference_is_read_once()
    {
        using var fixture = new EmulatorFixture();
        File.Copy(await fixture.DrawFileAsync("kael.jpg", "kael"), Path.Combine(fixture.Folder, "kael2.jpg"));
        string json =
            "{\"anchors\":[{\"name\":\"kael\",\"paths\":[\"kael.jpg\",\"kael2.jpg\"]}],\"defaults\":{\"anchors\":[\"kael\"]},\"items\":["
            + string.Join(',', Enumerable.Range(0, 10_000).Select(i => i % 10 == 9
                ? string.Create(CultureInfo.InvariantCulture,
                    $"{{\"name\":\"i{i}\",\"from\":\"i{i - 1}\",\"edit\":\"more of {i}\"}}")
                : string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"i{i}\",\"prompt\":\"picture {i}\"}}")))
                    + "]}";
        BatchPlan plan = BatchPlan.Create(fixture.Manifest(json), fixture.Service, null, fixture.Destination);
        Assert.Equal(10_000, plan.Items.Length);
    }

    [Fact]
    public void Shards_share_the_items_and_keep_chains_together()
    {
        using var fixture = new EmulatorFixture();
        Manifest manifest =
            fixture.Manifest(
            Chain.Replace("]}", ",{\"name\":\"x\",\"prompt\":\"x\"},{\"name\":\"y\",\"prompt\":\"y\"}]}",
            StringComparison.Ordinal));
        string[][] shards = [.. Enumerable.Range(1, 3).Select(number => BatchPlan.Create(
            manifest, fixture.Service, new BatchOptions { Shard = new Shard(number, 3) }).Items.Select(item =>
                item.Name).ToArray())];
        Assert.Equal(["fox", "night", "snow", "storm", "x", "y"], shards.SelectMany(names => names).Order());
        Assert.Contains(shards, names => names.Order().SequenceEqual(["fox", "night", "snow", "storm"]));
    }
}
