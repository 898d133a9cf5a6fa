using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Batches;

public sealed class GeminiJobRunnerTests
{
    private static readonly EmulatorOptions AtOnce =
        new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero };
    private static readonly EmulatorOptions Never =
        new() { BatchPending = TimeSpan.FromDays(1), BatchRunning = TimeSpan.FromDays(1) };
    private static readonly BatchOptions Batched = new() { Mode = BatchMode.Batch };

    private const string Chain = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"anchors":[{"name":"kael","path":"kael.jpg"}],"items":[
        {"name":"fox","prompt":"a fox and kael","anchors":["kael"]},
        {"name":"cat","prompt":"a cat and kael","anchors":["kael"]},
        {"name":"night","from":"fox","edit":"make it night"},
        {"name":"snow","from":"fox","edit":"let it snow"},
        {"name":"storm","from":"snow","edit":"more snow"}]}
        """;

    [Fact]
    public async Task One_job_for_each_wave_and_one_upload_for_each_picture()
    {
        using var fixture = new EmulatorFixture(AtOnce);
        await fixture.DrawFileAsync("kael.jpg", "kael");
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(Chain, Batched);
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Equal((5, 5), (fixture.Billed, fixture.Emulator.Statistics.BatchGenerations));
        Assert.Equal(3, Count(fixture, ":batchGenerateContent"));
        // The anchor once, and a file of requests for each of three waves.
        Assert.Equal(4,
            fixture.Emulator.Journal.Entries.Count(entry =>
            entry.Path.StartsWith("/upload/v1/files", StringComparison.Ordinal)
            && entry.Headers.GetValueOrDefault("X-Goog-Upload-Command") == "start"));
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, summary.Cost);
        Assert.InRange(summary.Cost, summary.EstimatedCost * 0.9m, summary.EstimatedCost * 1.1m);

        int requests = fixture.Emulator.Statistics.Requests;
        (summary, _) = await fixture.RunAsync(Chain);
        Assert.Equal((5, requests), (summary.UpToDate, fixture.Emulator.Statistics.Requests));
        // What a job made can be edited like any other picture.
        Assert.Equal(6, ImageFile.Import(Path.Combine(fixture.Destination, "storm.jpg")).Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_picture_that_the_service_has_lost_is_uploaded_again()
    {
        using var fixture = new EmulatorFixture(AtOnce);
        await fixture.DrawFileAsync("kael.jpg", "kael");
        string one = Chain[..Chain.IndexOf("{\"name\":\"cat\"", StringComparison.Ordinal)].TrimEnd().TrimEnd(',')
            + "]}";
        await fixture.RunAsync(one, Batched);
        await foreach (
            GeminiFile file in fixture.Service.Client.ListFilesAsync()) await fixture.Service.Client.DeleteFileAsync(
            file.Name);

        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(Chain, Batched);

        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Equal(5, fixture.Billed);
    }

    [Fact]
    public async Task Another_process_fetches_what_this_one_submitted()
    {
        using var fixture = new EmulatorFixture(Never);
        BatchOptions submit = Batched with { Wait = false };
        (BatchSummary first, _) = await fixture.RunAsync(EmulatorFixture.Many(6), submit);
        Assert.Equal(6, first.Submitted);
        (BatchSummary second, _) = await fixture.RunAsync(EmulatorFixture.Many(6), submit);
        Assert.Equal(6, second.Submitted);
        Assert.Equal(1, Count(fixture, ":batchGenerateContent"));
        fixture.Emulator.Advance(TimeSpan.FromDays(2));
        // Whatever the mode: the results are paid for.
        (BatchSummary third, _) = await fixture.RunAsync(null);
        Assert.Equal((6, 6), (third.Made, fixture.Billed));
    }

    [Fact]
    public async Task A_result_of_another_model_is_read_and_priced_for_that_model()
    {
        using var fixture = new EmulatorFixture(Never);
        string json = EmulatorFixture.Many(2);
        await fixture.RunAsync(json.Replace("nb2-lite", "nb2-3.1", StringComparison.Ordinal),
            Batched with { Wait = false });
        fixture.Emulator.Advance(TimeSpan.FromDays(2));
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(json);
        Assert.Equal((2, fixture.Emulator.Statistics.BilledUsd), (summary.Made, summary.Cost));
        Assert.Equal(2, ImageFile.Import(items.First(item => item.HasImage).Path!).Conversation!.Turns.Length);
        Assert.Equal("gemini-3.1-flash-image", Assert.Single(CostReport.Read([fixture.Destination]).Lines).Model);
    }

    [Fact]
    public async Task Items_that_fail_in_a_job_are_reported_and_the_others_kept()
    {
        using var fixture = new EmulatorFixture(AtOnce);
        string json = EmulatorFixture.Many(4).Replace("picture number 2", "[[IMAGE_SAFETY]]", StringComparison.Ordinal);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(json, Batched);
        Assert.Equal((3, 1), (summary.Made, summary.Failed));
        Assert.Equal("Nb.Answer.NoImage", items.Single(item => item.State == BatchItemState.Failed).Error!.ErrorId);
        (summary, _) = await fixture.RunAsync(json, Batched);
        Assert.Equal((3, 1), (summary.UpToDate, summary.Failed));
        Assert.Equal(1, Count(fixture, ":batchGenerateContent"));
    }

    [Fact]
    public async Task An_expired_job_is_reported_and_made_again_by_the_next_run()
    {
        using var fixture = new EmulatorFixture(AtOnce with { BatchRunning = TimeSpan.FromDays(3) });
        await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { Wait = false });
        fixture.Emulator.Advance(TimeSpan.FromDays(2.5));
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { Wait = false });
        Assert.Equal(2, summary.Failed);
        Assert.All(items.Where(item => item.Error is not null), item =>
            Assert.Equal("Nb.Batch.JobExpired", item.Error!.ErrorId));
        Assert.Equal(0, fixture.Billed);
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { Wait = false });
        Assert.Equal(2, summary.Submitted);
    }

    [Fact]
    public async Task A_job_whose_creation_got_no_answer_is_found_by_its_name()
    {
        FaultScript faults =
            FaultScript.Parse("""{"faults":[{"fault":"resetAfter","path":"*:batchGenerateContent","nth":[1]}]}""");
        using var fixture = new EmulatorFixture(AtOnce with { Faults = faults });
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Equal((3, 1), (fixture.Billed, Count(fixture, ":batchGenerateContent")));
    }

    [Theory]
    [InlineData("resetBefore", 3)]
    [InlineData("hang", 3)]
    public async Task A_job_that_is_listed_late_is_found(string fault, int hidden)
    {
        FaultScript faults =
            FaultScript.Parse($$"""{"faults":[{"fault":"{{fault}}","path":"*:batchGenerateContent","nth":[1]}]}""");
        using var late = new LateList(hidden);
        using var fixture = new EmulatorFixture(Never with { Faults = faults },
            new GeminiClientOptions { Timeout = TimeSpan.FromSeconds(fault == "hang" ? 1 : 30) }, late);
        var time = new SteppingTime(fixture.Emulator.Advance);
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(EmulatorFixture.Many(3), Batched with { TimeProvider = time });
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Equal((3, 1, hidden + 1), (fixture.Billed, Count(fixture, ":batchGenerateContent"), late.Lists));
    }

    [Fact]
    public async Task A_job_that_is_never_listed_is_uncertain_in_the_end()
    {
        FaultScript faults =
            FaultScript.Parse("""{"faults":[{"fault":"resetBefore","path":"*:batchGenerateContent","nth":[1]}]}""");
        using var late = new LateList(int.MaxValue);
        using var fixture = new EmulatorFixture(Never with { Faults = faults }, handler: late);
        var time = new SteppingTime(fixture.Emulator.Advance);
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { TimeProvider = time });
        Assert.Equal((2, 6), (summary.Uncertain, late.Lists));
        Assert.True(time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait) >= TimeSpan.FromMinutes(1));
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(2), Batched);
        Assert.Equal((2, 1), (summary.Uncertain, Count(fixture, ":batchGenerateContent")));
    }

    [Fact]
    public async Task Canceled_jobs_give_what_they_had_made_and_the_rest_is_free()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.FromHours(4) });
        await fixture.RunAsync(EmulatorFixture.Many(8), Batched with { Wait = false });
        fixture.Emulator.Advance(TimeSpan.FromHours(1));
        using (Batch batch = fixture.Open(null, Batched))
        {
            batch.Stop(cancelJobs: true);
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.Equal((2, 6), (batch.Summary.Made, batch.Summary.Failed));
            Assert.All(batch.Items.Where(item => item.Error is not null), item =>
                Assert.Equal("Nb.Batch.JobCanceled", item.Error!.ErrorId));
        }
        Assert.Equal(2, fixture.Billed);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd,
            CostReport.Read([fixture.Destination]).By(CostGrouping.None)[0].Cost);
        Assert.Equal(6,
            LedgerFile.ReadAll(fixture.Destination).Events.Count(line => line.ErrorId == "Nb.Batch.JobCanceled"));
        // The others were nobody's fault: the next run makes them, and only them.
        (BatchSummary summary, _) = await fixture.RunAsync(null);
        Assert.Equal((2, 6, 8), (summary.UpToDate, summary.Made, fixture.Billed));
    }

    [Fact]
    public async Task A_canceled_job_without_results_leaves_its_items_uncertain()
    {
        using var hiding = new HiddenResults();
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.FromHours(4) },
            handler: hiding);
        await fixture.RunAsync(EmulatorFixture.Many(4), Batched with { Wait = false });
        fixture.Emulator.Advance(TimeSpan.FromHours(2));
        var time = new SteppingTime(fixture.Emulator.Advance);
        using (Batch batch = fixture.Open(null, Batched with { TimeProvider = time }))
        {
            batch.Stop(cancelJobs: true);
            await foreach (BatchItem _ in batch.RunAsync()) { }
            // Its results may still come.
            Assert.Equal((4, 2), (batch.Summary.Submitted, fixture.Billed));
        }
        fixture.Emulator.Advance(TimeSpan.FromDays(2));
        using Batch later =
            fixture.Open(null,
            Batched with { TimeProvider = new SteppingTime(fixture.Emulator.Advance, TimeSpan.FromDays(3)) });
        await foreach (BatchItem _ in later.RunAsync()) { }
        Assert.Equal((4, 2), (later.Summary.Uncertain, fixture.Billed));
    }

    [Fact]
    public async Task Stop_leaves_jobs_to_a_later_run()
    {
        using var fixture = new EmulatorFixture(Never);
        using (Batch batch = fixture.Open(EmulatorFixture.Many(2), Batched))
        {
            await foreach (BatchItem item in batch.RunAsync()) batch.Stop();
            Assert.Equal(2, batch.Summary.Submitted);
        }
        Assert.Equal(0, Count(fixture, ":cancel"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_process_can_ask_it_to_stop_with_its_jobs_or_without(bool cancelJobs)
    {
        using var fixture = new EmulatorFixture(Never);
        using Batch batch = fixture.Open(EmulatorFixture.Many(2), Batched);
        await foreach (BatchItem item in batch.RunAsync())
        {
            if (item.State == BatchItemState.Submitted) Batch.AskToStop(fixture.Destination, cancelJobs);
        }
        Assert.Equal(cancelJobs ? (0, 2, 1)
            : (2, 0, 0), (batch.Summary.Submitted, batch.Summary.Failed, Count(fixture, ":cancel")));
    }

    [Theory]
    [InlineData("/upload/", 0)]
    [InlineData(":batchGenerateContent", 1)]
    public async Task Stop_while_jobs_are_submitted_submits_no_more(string step, int jobs)
    {
        Batch? batch = null;
        using var fixture = new EmulatorFixture(Never, new GeminiClientOptions
        {
            Observe = seen =>
            {
                if (seen.Path.Contains(step, StringComparison.Ordinal)) batch!.Stop();
            },
        });
        // A job for each model.
        string json = EmulatorFixture.Many(2)
            .Replace("item-2\"", "item-2\",\"model\":\"nb2\"", StringComparison.Ordinal);
        using (batch = fixture.Open(json, Batched))
        {
            await foreach (BatchItem _ in batch.RunAsync()) { }
        }
        Assert.Equal((jobs, 2 - jobs, jobs),
            (batch.Summary.Submitted, batch.Summary.Pending, Count(fixture, ":batchGenerateContent")));
    }

    [Fact]
    public async Task Items_are_published_and_recorded_while_results_still_arrive()
    {
        using var fixture = new EmulatorFixture(AtOnce);
        using Batch batch = fixture.Open(EmulatorFixture.Many(5), Batched);
        int made = 0;
        await foreach (BatchItem item in batch.RunAsync())
        {
            if (item.State != BatchItemState.Succeeded) continue;
            made++;
            Assert.Equal(made,
                LedgerFile.ReadAll(fixture.Destination).Events.Count(line => line.Kind == LedgerEventKind.Saved));
            Assert.Equal(5 - made, batch.Summary.Submitted);
        }
        Assert.Equal(5, made);
    }

    [Fact]
    public async Task Truncated_results_are_fetched_again_and_leave_no_extra_files()
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"truncate","path":"*:download","nth":[1]}]}""");
        using var fixture = new EmulatorFixture(AtOnce with { Faults = faults });
        var time = new SteppingTime(fixture.Emulator.Advance);
        string json = EmulatorFixture.Many(6)
            .Replace("\"name\":\"item-2\"", "\"name\":\"item-2\",\"outFile\":\"deep/two\"", StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(json, Batched with { TimeProvider = time });
        Assert.Equal((6, 6, 2), (summary.Made, fixture.Billed, Count(fixture, ":download")));
        Assert.Equal(6,
            LedgerFile.ReadAll(fixture.Destination).Events.Count(line => line.Kind == LedgerEventKind.Received));
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "tmp")));
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Destination, "deep", ".nb", "tmp")));
    }

    [Fact]
    public async Task Unreadable_answers_of_the_service_leave_the_job_to_a_later_run()
    {
        FaultScript faults =
            FaultScript.Parse(
            """{"faults":[{"fault":"html","method":"GET","path":"*/batches/*","code":200,"times":5}]}""");
        using var fixture = new EmulatorFixture(AtOnce with { Faults = faults });
        var time = new SteppingTime(fixture.Emulator.Advance);
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { TimeProvider = time });
        Assert.Equal(2, summary.Submitted);
        (summary, _) = await fixture.RunAsync(null);
        Assert.Equal((2, 2), (summary.Made, fixture.Billed));
    }

    [Fact]
    public async Task Polls_become_less_frequent()
    {
        using var fixture = new EmulatorFixture(Never);
        var time = new SteppingTime(step => fixture.Emulator.Advance(step));
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { TimeProvider = time });
        Assert.True(summary.IsComplete);
        Assert.Equal(TimeSpan.FromSeconds(10), time.Waits[0]);
        Assert.Equal(TimeSpan.FromMinutes(5), time.Waits[^1]);
    }

    [Fact]
    public async Task The_budget_holds_for_jobs_too()
    {
        using var fixture = new EmulatorFixture(AtOnce);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(30), Batched with { MaxCost = 0.20m });
        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.10m, 0.20m);
        Assert.Equal(30, summary.Made + summary.Blocked);
    }

    // The first job shows what the model costs; the others wait for it, and the run ends with them.
    [Theory]
    [InlineData(0.60)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_a_first_job_shows_the_cost_the_remaining_items_follow(double limit)
    {
        using var fixture = new EmulatorFixture(AtOnce);
        (BatchSummary summary, _) = await fixture.RunAsync(
            EmulatorFixture.Many(30).Replace("nb2-lite", "nb2", StringComparison.Ordinal),
            Batched with { MaxCost = (decimal)limit });
        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.1m, (decimal)limit);
        Assert.Equal(30, summary.Made + summary.Blocked);
        Assert.True(Count(fixture, ":batchGenerateContent") > 1);
    }

    [Fact]
    public async Task What_was_submitted_before_the_budget_was_spent_is_waited_for()
    {
        using var fixture = new EmulatorFixture(Never);
        var time = new SteppingTime(fixture.Emulator.Advance);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(
            EmulatorFixture.Many(30), Batched with { MaxCost = 0.20m, TimeProvider = time });
        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.10m, 0.20m);
        Assert.Equal((fixture.Billed, 30 - fixture.Billed), (summary.Made, summary.Blocked));
        Assert.Contains(items, item => item.Error?.ErrorId == "Nb.Budget.Exceeded");
    }

    private static int Count(EmulatorFixture fixture, string path) =>
        fixture.Emulator.Journal.Entries.Count(entry => entry.Path.EndsWith(path, StringComparison.Ordinal));

    /// <summary>A service whose list of jobs is empty for a while.</summary>
    private sealed class LateList(int times) : DelegatingHandler
    {
        public int Lists { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            bool isList = request.Method == HttpMethod.Get
                && request.RequestUri!.AbsolutePath.EndsWith("/batches", StringComparison.Ordinal);
            if (isList && Lists++ < times) response.Content = new StringContent("{}");
            return response;
        }
    }

    /// <summary>A service that tells of no results.</summary>
    private sealed class HiddenResults : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.AbsolutePath.Contains("/batches/", StringComparison.Ordinal)) return response;
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content =
                new StringContent(text.Replace("responsesFile", "nothingOfUse", StringComparison.Ordinal));
            return response;
        }
    }
}
