using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Reports;
using NanoBanana.Tests.Gemini;

namespace NanoBanana.Tests.Batches;

/// <summary>A job's results in other shapes than documented: they are given up last, and never land under another
/// item's name.</summary>
public sealed class JobResultTests
{
    private static readonly EmulatorOptions AtOnce =
        new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero };
    private static readonly BatchOptions Batched = new() { Mode = BatchMode.Batch };

    [Fact]
    public async Task Lines_without_keys_are_kept_under_neutral_names_and_their_items_are_uncertain()
    {
        using var bend = new BentResults(lines => [WithoutKey(lines[2]), WithoutKey(lines[0]), WithoutKey(lines[1])]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.Equal((0, 3), (summary.Made, summary.Uncertain));
        NbException error = items.Last(item => item.Name == "item-2").Error!;
        Assert.Equal("Nb.Batch.ResultUnassigned", error.ErrorId);
        Assert.Contains("'item-1', 'item-2', 'item-3'", error.Message, StringComparison.Ordinal);
        string[] kept = Pictures(fixture);
        Assert.Equal(3, kept.Length);
        Assert.All(kept, path => Assert.Matches(@"nb-.*-line-\d\.jpg$", path));
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd,
            CostReport.Read([fixture.Destination]).By(CostGrouping.None)[0].Cost);
        Assert.Equal(3, fixture.Billed);

        // Nothing is bought again, and nothing is kept twice.
        (summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.Equal((3, 3, 3), (summary.Uncertain, fixture.Billed, Pictures(fixture).Length));
    }

    [Fact]
    public async Task A_single_line_without_a_key_belongs_to_the_last_item_without_a_result()
    {
        using var bend = new BentResults(lines => [lines[2], WithoutKey(lines[1]), lines[0]]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.Equal(3, summary.Made);
        foreach (int i in new[] { 1, 2, 3 })
        {
            Assert.Contains($"picture number {i}",
                ImageFile.Import(Path.Combine(fixture.Destination, $"item-{i}.jpg")).Prompt!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_line_without_a_key_and_one_with_an_unknown_key_leave_items_uncertain()
    {
        using var bend = new BentResults(lines => [lines[0], WithoutKey(lines[1]), WithKey(lines[2], "nobody")]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.Equal((1, 2, 3), (summary.Made, summary.Uncertain, Pictures(fixture).Length));
        Assert.Equal(3, ReportPageItems(fixture).Count(item => item.Path is not null));
    }

    [Fact]
    public async Task A_line_for_an_unknown_item_is_mentioned_for_the_item_without_a_result()
    {
        using var bend = new BentResults(lines => [lines[0], lines[1], WithKey(lines[2], "nobody")]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        using Batch batch = fixture.Open(EmulatorFixture.Many(3), Batched);
        await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal((2, 1), (batch.Summary.Made, batch.Summary.Uncertain));
        NbException error = batch.Items.Single(item => item.Name == "item-3").Error!;
        Assert.Contains("-line-3.jpg", error.Message, StringComparison.Ordinal);
        Assert.Single(batch.TakeNotices());
    }

    [Fact]
    public async Task Equal_requests_may_take_each_others_lines()
    {
        using var bend = new BentResults(lines => [.. lines.Reverse().Select(WithoutKey)]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        string json = EmulatorFixture.Many(2).Replace("number 2", "number 1", StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(json, Batched);
        Assert.Equal(2, summary.Made);
    }

    [Fact]
    public async Task Inline_results_are_read_when_there_is_no_file()
    {
        using var inlined = new InlinedResults();
        using var fixture = new EmulatorFixture(AtOnce, handler: inlined);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Contains("picture number 3", ImageFile.Import(Path.Combine(fixture.Destination, "item-3.jpg")).Prompt!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"key":"item-2","response":{"candidates":[{"content":{"parts":[{"functionCall":DEEP}]}}]}}""")]
    [InlineData("""{"key":"item-2","response":{"candidates":[],"usageMetadata":{"promptTokenCount":1e400,"totalTokenCount":99999999999999999999}}""")]
    [InlineData("""{"key":"item-2","response":""")]
    [InlineData("""{"key":"item-2","nonsense":7}""")]
    [InlineData("nonsense")]
    public async Task An_unreadable_line_affects_one_item_and_is_saved_unchanged(string odd)
    {
        odd = odd.Replace("DEEP", new string('[', 600) + new string(']', 600), StringComparison.Ordinal);
        using var bend = new BentResults(lines => [lines[0], odd, lines[2], lines[3]]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(4), Batched);
        Assert.Equal((3, 1), (summary.Made, summary.Uncertain));
        Assert.Equal("item-2", items.Last(item => item.State == BatchItemState.Uncertain).Name);
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "answers")));
        Assert.Equal(odd, await File.ReadAllTextAsync(kept));
    }

    [Theory]
    [InlineData("array")]
    [InlineData("laid out")]
    [InlineData("wrapped")]
    [InlineData("custom_id")]
    [InlineData("carriage returns")]
    [InlineData("mark and blanks")]
    public async Task Results_in_another_form_are_the_same_results(string form)
    {
        using var bend = new BentResults(lines => form switch
        {
            "array" => ["[" + string.Join(',', lines) + "]"],
            "laid out" => ["[", .. lines.SkipLast(1).Select(line => line.Replace("{", "{\n", StringComparison.Ordinal)
                + ","), lines[^1], "]"],
            "wrapped" => [.. lines.Select(line => $"{{\"result\":{line}}}")],
            "custom_id" => [.. lines.Select(line =>
                line.Replace("\"key\"", "\"custom_id\"", StringComparison.Ordinal))],
            "carriage returns" => [.. lines.Select(line => line + "\r")],
            _ => ["\uFEFF", "", .. lines.Select(line => line + "\n\n")],
        });
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.True(summary.IsComplete, string.Join('\n', items.Select(item => item.Error?.Message)));
        Assert.Contains("picture number 3", ImageFile.Import(Path.Combine(fixture.Destination, "item-3.jpg")).Prompt!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_for_an_unknown_item_is_saved_and_counted_once()
    {
        using var bend = new BentResults(lines => [lines[0], WithKey(lines[1], "nobody")]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        string json = EmulatorFixture.Many(2).Replace("number 2", "number 2 [[TEXT_ONLY]]", StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(json, Batched);
        Assert.Equal((1, 1), (summary.Made, summary.Uncertain));
        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "answers"), "*-line-2.txt"));
        CostLine all = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((2, 0m), (all.Answers, all.UncertainCost));
    }

    [Fact]
    public async Task A_repeated_line_counts_once()
    {
        using var bend = new BentResults(lines => [lines[0], lines[1], lines[1], lines[2]]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        (BatchSummary summary, _) = await fixture.RunAsync(EmulatorFixture.Many(3), Batched);
        Assert.Equal((3, 3), (summary.Made, Pictures(fixture).Length));
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd,
            CostReport.Read([fixture.Destination]).By(CostGrouping.None)[0].Cost);
    }

    [Fact]
    public async Task An_item_without_a_line_is_reported_at_once_with_the_time_it_is_waited_for()
    {
        using var bend = new BentResults(lines => [lines[0], lines[1]]);
        using var fixture = new EmulatorFixture(AtOnce, handler: bend);
        using Batch batch = fixture.Open(EmulatorFixture.Many(3),
            Batched with { TimeProvider = new SteppingTime(fixture.Emulator.Advance) });
        await foreach (BatchItem _ in batch.RunAsync()) { }
        string notice = batch.TakeNotices().First();
        Assert.Contains("'item-3'", notice, StringComparison.Ordinal);
        Assert.Contains("at most", notice, StringComparison.Ordinal);
        Assert.Equal(BatchItemState.Submitted, batch.Items.Single(item => item.Name == "item-3").State);
    }

    [Fact]
    public async Task Late_results_are_waited_for_with_a_notice()
    {
        using var late = new LateResults(visibleAfter: 3);
        using var fixture = new EmulatorFixture(AtOnce, handler: late);
        var time = new SteppingTime(fixture.Emulator.Advance);
        using Batch batch = fixture.Open(EmulatorFixture.Many(2), Batched with { TimeProvider = time });
        await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal(2, batch.Summary.Made);
        Assert.Contains(batch.TakeNotices(), notice => notice.Contains("not there yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_results_leave_the_job_to_a_later_run()
    {
        using var late = new LateResults(visibleAfter: 7);
        using var fixture = new EmulatorFixture(AtOnce, handler: late);
        var time = new SteppingTime(fixture.Emulator.Advance);
        using (Batch batch = fixture.Open(EmulatorFixture.Many(2), Batched with { TimeProvider = time }))
        {
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.Equal(2, batch.Summary.Submitted);
            Assert.Contains(batch.TakeNotices(), notice =>
                notice.Contains("left for a later run", StringComparison.Ordinal));
        }
        (BatchSummary summary, _) =
            await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { TimeProvider = time });
        Assert.Equal((2, 2), (summary.Made, fixture.Billed));
    }

    [Fact]
    public async Task A_404_for_another_key_does_not_end_a_job()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.FromDays(1), BatchRunning = TimeSpan.FromDays(1) });
        await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { Wait = false });
        using (var strange = new NotFound())
        using (ImageService other = Other(strange))
        using (var batch = Batch.Open(fixture.Destination, other, manifest: null, Batched))
        {
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.Equal(2, batch.Summary.Submitted);
            Assert.Contains(batch.TakeNotices(), notice => notice.Contains("another key", StringComparison.Ordinal));
        }
        fixture.Emulator.Advance(TimeSpan.FromDays(2));
        (BatchSummary summary, _) = await fixture.RunAsync(null, Batched);
        Assert.Equal((2, 2), (summary.Made, fixture.Billed));
    }

    [Fact]
    public async Task What_is_told_of_another_job_proves_nothing()
    {
        using var handler = new ScriptedHandler(ScriptedHandler.Json(
            """{"name":"batches/another","metadata":{"state":"BATCH_STATE_FAILED"},"done":true,"error":{"code":3}}"""));
        using var client = new GeminiClient(
            GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("k"), handler: handler);
        NbException error = await Assert.ThrowsAsync<NbException>(() => client.GetBatchAsync("batches/mine"));
        Assert.Contains("batch job", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_is_refused_while_real_jobs_are_open()
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.FromDays(1), BatchRunning = TimeSpan.FromDays(1) });
        await fixture.RunAsync(EmulatorFixture.Many(2), Batched with { Wait = false });
        using var offline = new ImageService(
            new GeminiClient(GeminiEndpoint.Offline, GeminiCredential.FromApiKey("offline"), handler: new NotFound()),
                ModelCatalog.BuiltIn);
        NbException error = Assert.Throws<NbException>(() => Batch.Open(fixture.Destination, offline));
        Assert.Equal("Nb.Batch.OfflineWithRealJobs", error.ErrorId);
        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "jobs"), "*.json"));
    }

    [Theory]
    [InlineData("id", "../../../victim/package")]
    [InlineData("name", "batches/../../files/x")]
    [InlineData("input", "../models/x")]
    public async Task A_job_file_with_a_path_outside_the_folder_is_not_followed(string field, string value)
    {
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.FromDays(1), BatchRunning = TimeSpan.FromDays(1) });
        await fixture.RunAsync(EmulatorFixture.Many(1), Batched with { Wait = false });
        string victim = fixture.Write("package.json", "mine");
        string path = Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "jobs"), "*.json"));
        JsonNode job = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        job[field] = value;
        await File.WriteAllTextAsync(path, job.ToJsonString());
        (BatchSummary summary, _) = await fixture.RunAsync(null);
        Assert.Equal(1, summary.Uncertain);
        Assert.Equal("mine", await File.ReadAllTextAsync(victim));
    }

    private static ImageService Other(HttpMessageHandler handler) =>
        new(new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("another"), handler: handler),
            ModelCatalog.BuiltIn);

    private static string[] Pictures(EmulatorFixture fixture) => Directory.GetFiles(fixture.Destination, "*.jpg");

    private static IEnumerable<ReportItem> ReportPageItems(EmulatorFixture fixture) =>
        ReportReader.Read(fixture.Destination).Items;

    private static string WithoutKey(string line) => WithKey(line, null);

    private static string WithKey(string line, string? key)
    {
        JsonObject json = JsonNode.Parse(line)!.AsObject();
        json.Remove("key");
        if (key is not null) json["key"] = key;
        return json.ToJsonString();
    }

    /// <summary>A service whose result file has other lines.</summary>
    private sealed class BentResults(Func<string[], string[]> bend) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.AbsolutePath.EndsWith(":download", StringComparison.Ordinal)) return response;
            string[] lines = (await response.Content.ReadAsStringAsync(cancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // In the order of the requests, whatever order the emulator finished them in.
            lines = [.. lines.OrderBy(line =>
                JsonNode.Parse(line)!["key"]!.GetValue<string>(), StringComparer.Ordinal)];
            response.Content = new StringContent(string.Join('\n', bend(lines)) + "\n");
            return response;
        }
    }

    /// <summary>A service that puts the results of a file's job into the job itself.</summary>
    private sealed class InlinedResults : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.AbsolutePath.Contains("/batches/", StringComparison.Ordinal)) return response;
            JsonNode job = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            string? file = job["metadata"]?["output"]?["responsesFile"]?.GetValue<string>()
                ?? job["response"]?["responsesFile"]?.GetValue<string>();
            if (file is not null)
            {
                using var download =
                    new HttpRequestMessage(HttpMethod.Get,
                    new Uri(request.RequestUri, $"/v1beta/{file}:download?alt=media"));
                foreach (KeyValuePair<string, IEnumerable<string>> header in request.Headers)
                {
                    download.Headers.TryAddWithoutValidation(header.Key, header.Value);
                }
                using HttpResponseMessage results = await base.SendAsync(download, cancellationToken);
                var list = new JsonArray();
                foreach (string line in (await results.Content.ReadAsStringAsync(cancellationToken))
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    JsonNode result = JsonNode.Parse(line)!;
                    list.Add(new JsonObject
                    {
                        ["metadata"] = new JsonObject { ["key"] = result["key"]!.DeepClone() },
                            ["response"] = result["response"]!.DeepClone(),
                    });
                }
                job["metadata"]!.AsObject().Remove("output");
                job["response"] =
                    new JsonObject { ["inlinedResponses"] = new JsonObject { ["inlinedResponses"] = list } };
            }
            response.Content = new StringContent(job.ToJsonString(), Encoding.UTF8, "application/json");
            return response;
        }
    }

    /// <summary>A service that says SUCCEEDED before its results can be found.</summary>
    private sealed class LateResults(int visibleAfter) : DelegatingHandler
    {
        private int _asked;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.AbsolutePath.Contains("/batches/", StringComparison.Ordinal)
                || _asked++ >= visibleAfter)
            {
                return response;
            }
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content =
                new StringContent(text.Replace("responsesFile", "nothingOfUse", StringComparison.Ordinal));
            return response;
        }
    }

    /// <summary>A service that has nothing.</summary>
    private sealed class NotFound : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)
            {
                Content = new StringContent("""{"error":{"code":404,"message":"not found","status":"NOT_FOUND"}}"""),
            });
    }
}
