using System.Globalization;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Generation;

/// <summary>What the service bills and says today: tiers, thinking, searches, ends of models, limited
/// accounts.</summary>
public sealed class ServiceTermsTests
{
    private static readonly ImageRequest Fox =
        new() { Prompt = "a fox", Model = "nb2-lite", AspectRatio = "8:1" };

    [Theory]
    [InlineData("flex", 0.5)]
    [InlineData("priority", 1.75)]
    [InlineData("standard", 1)]
    public async Task Estimate_and_cost_follow_the_tier(string tier, double factor)
    {
        using var fixture = new EmulatorFixture();
        PreparedRequest plain = fixture.Service.Prepare(Fox);
        PreparedRequest tiered = fixture.Service.Prepare(Fox with { ServiceTier = tier });
        Assert.Equal(plain.EstimatedCost * (decimal)factor, tiered.EstimatedCost);

        NbImage image = (await fixture.Service.SendAsync(tiered, BlobSink.Memory))[^1];
        Assert.Equal(tier, image.Usage!.ServiceTier);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, image.Cost);
    }

    [Fact]
    public void The_billed_tier_decides_and_an_answer_without_a_tier_counts_in_full()
    {
        ModelInfo model = ModelCatalog.BuiltIn.Find("nb2-lite")!;
        var usage = new NanoBanana.Conversations.TokenCount { CandidateTokens = 1120, ImageTokens = 1120 };
        decimal full = Pricing.Actual(model, null, usage, 1)!.Value;
        Assert.Equal(full, Pricing.Actual(model, null, usage with { ServiceTier = "STANDARD" }, 1, tier: "flex"));
        Assert.Equal(full / 2, Pricing.Actual(model, null, usage with { ServiceTier = "SERVICE_TIER_FLEX" }, 1));
        Assert.Equal(full, Pricing.Actual(model, null, usage, 1, tier: "flex"));
        Assert.Equal(full * 1.75m, Pricing.Actual(model, null, usage, 1, tier: "priority"));
        Assert.Equal(full / 2,
            Pricing.Actual(model, null, usage with { ServiceTier = "priority" }, 1, batchFactor: 0.5m));
    }

    [Fact]
    public async Task Flex_waits_longer_than_the_connection_does()
    {
        using var fixture = new EmulatorFixture();
        await EmulatorFixture.MakeAsync(fixture.Service, Fox);
        await EmulatorFixture.MakeAsync(fixture.Service, Fox with { ServiceTier = "flex" });
        Assert.Equal(["300", "1200"], fixture.Asked.Select(entry => entry.Headers["X-Server-Timeout"]));
    }

    [Fact]
    public async Task The_tier_is_recorded_in_the_sidecar()
    {
        using var fixture = new EmulatorFixture();
        NbImage made = await EmulatorFixture.MakeAsync(fixture.Service, Fox with { ServiceTier = "flex" });
        ImageFile.Save(made, fixture.At("fox.jpg"));
        Assert.Equal("flex", ImageFile.Import(fixture.At("fox.jpg")).Usage!.ServiceTier);
    }

    [Fact]
    public async Task A_budget_reserves_the_price_of_the_tier()
    {
        using var fixture = new EmulatorFixture();
        string manifest = EmulatorFixture.Many(1).Replace("\"8:1\"", "\"8:1\",\"serviceTier\":\"flex\"",
            StringComparison.Ordinal);
        (BatchSummary summary, _) = await fixture.RunAsync(manifest, new BatchOptions { MaxCost = 0.025m });
        Assert.Equal(1, summary.Made);
    }

    [Fact]
    public void The_estimate_of_a_job_ignores_the_tier()
    {
        using var fixture = new EmulatorFixture();
        decimal?[] Estimates(string tier)
        {
            string manifest = EmulatorFixture.Many(1).Replace("\"8:1\"", $"\"8:1\",\"serviceTier\":\"{tier}\"",
                StringComparison.Ordinal);
            BatchItem item = BatchPlan.Create(fixture.Manifest(manifest), fixture.Service, null, null).Items.Single();
            return [item.EstimatedCost, item.EstimatedBatchCost];
        }
        decimal? full = Estimates("standard")[0];
        Assert.Equal([full / 2, full / 2], Estimates("flex"));
        Assert.Equal([full * 1.75m, full / 2], Estimates("priority"));
    }

    [Fact]
    public void An_estimate_includes_thoughts_and_searches()
    {
        using var fixture = new EmulatorFixture();
        using ImageService service = WithFreeSearches(fixture, 0);
        var fox = new ImageRequest { Prompt = "a fox", Model = "nb2" };
        decimal Cost(ImageRequest request) => service.Prepare(request).EstimatedCost!.Value;
        // 1,360 tokens at $7.50 a million.
        Assert.Equal(0.0102m, Cost(fox) - Cost(fox with { ThinkingLevel = "minimal" }));
        Assert.Equal(0.028m, Cost(fox with { Grounding = ["web", "image"] }) - Cost(fox));
    }

    [Theory]
    [InlineData(ModelApi.GenerateContent)]
    [InlineData(ModelApi.Interactions)]
    public async Task Searches_beyond_the_free_ones_are_billed(ModelApi api)
    {
        using var fixture = new EmulatorFixture();
        using ImageService service = WithFreeSearches(fixture, 1, api);
        var plain = new ImageRequest { Prompt = "a fox", Model = "nb2" };
        ImageRequest searching = plain with { Grounding = ["web"] };
        decimal? Extra() => service.Prepare(searching).EstimatedCost - service.Prepare(plain).EstimatedCost;

        Assert.Equal(0, Extra());
        NbImage free = (await service.SendAsync(service.Prepare(searching), BlobSink.Memory))[^1];
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, free.Cost);
        Assert.Equal(0.014m, Extra());
        NbImage billed = (await service.SendAsync(service.Prepare(searching), BlobSink.Memory))[^1];

        Assert.Equal(2, fixture.Emulator.Statistics.BilledSearches);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd + 0.014m, free.Cost + billed.Cost);
        Assert.NotEmpty(billed.Grounding!.Supports);
        Assert.All(billed.Grounding.Supports, support => Assert.Equal(billed.Text, support.Text));
        Assert.Contains(billed.Grounding.Sources[0], billed.Grounding.Supports[0].Sources);
    }

    [Fact]
    public void A_batch_plans_each_free_search_once()
    {
        using var fixture = new EmulatorFixture();
        using ImageService service = WithFreeSearches(fixture, 2);
        decimal Cost(string grounding) => BatchPlan.Create(fixture.Manifest(
            "{\"defaults\":{\"model\":\"nb2\"" + grounding + "},\"items\":[{\"name\":\"a\",\"prompt\":\"a\"},"
            + "{\"name\":\"b\",\"prompt\":\"b\"},{\"name\":\"c\",\"prompt\":\"c\"}]}"), service).EstimatedCost;

        Assert.Equal(0.014m, Cost(",\"grounding\":[\"web\"]") - Cost(""));
    }

    [Fact]
    public async Task A_folder_learns_how_long_a_model_thinks()
    {
        using var fixture = new EmulatorFixture();
        string three = Items(3);
        decimal before = BatchPlan.Create(fixture.Manifest(three), fixture.Service).Items[0].EstimatedCost!.Value;
        (_, List<BatchItem> made) = await fixture.RunAsync(three);
        double usual = made.Where(item => item.Image is not null)
            .DistinctBy(item => item.Name).Select(item => item.Image!.Usage!)
            .Average(usage => usage.ThoughtTokens + usage.CandidateTokens - usage.ImageTokens!.Value);

        BatchPlan plan = BatchPlan.Create(fixture.Manifest(Items(4)), fixture.Service, null, fixture.Destination);

        decimal after = plan.Items[^1].EstimatedCost!.Value;
        Assert.Equal(before - (1360 - (decimal)Math.Round(usual)) * 7.5m / 1_000_000, after);
        // Of another level nothing is known.
        plan = BatchPlan.Create(fixture.Manifest(Items(4, "high")), fixture.Service, null, fixture.Destination);
        Assert.Equal(before, plan.Items[^1].EstimatedCost);

        static string Items(int count, string level = "medium") => "{\"defaults\":{\"model\":\"nb2\","
            + $"\"thinkingLevel\":\"{level}\"}},\"items\":["
            + string.Join(',', Enumerable.Range(1, count).Select(i => $"{{\"name\":\"i{i}\",\"prompt\":\"p\"}}")) + "]}";
    }

    [Fact]
    public async Task Webhooks_are_sent_with_a_job_and_kept_for_later_runs()
    {
        using var fixture = new EmulatorFixture();
        const string Webhook = "https://studio.example/done";
        var options = new BatchOptions { Mode = BatchMode.Batch };
        await fixture.RunAsync(
            "{\"webhook\":\"" + Webhook + "\",\"items\":[{\"name\":\"a\",\"prompt\":\"a\"}]}", options);
        Assert.Equal([Webhook], Sent());
        await fixture.RunAsync(null, options with { Force = true });
        Assert.Equal([Webhook], Sent());
        await fixture.RunAsync(null, options with { Force = true, Webhooks = [Webhook + "/2"] });
        Assert.Equal([Webhook + "/2"], Sent());
        NbException e = Assert.Throws<NbException>(() =>
            fixture.Open(null, options with { Webhooks = ["http://studio.example"] }));
        Assert.Equal("Nb.Batch.InvalidWebhook", e.ErrorId);
        Assert.Contains(BatchPlan.Create(null, fixture.Service, null, fixture.Destination).Warnings,
            warning => warning.StartsWith("Webhooks", StringComparison.Ordinal));

        string[] Sent() => [.. JsonNode.Parse(fixture.Emulator.Journal.Entries
            .Last(entry => entry.Path.EndsWith(":batchGenerateContent", StringComparison.Ordinal)).Body!)!
            ["batch"]!["webhookConfig"]!["uris"]!.AsArray().Select(uri => (string)uri!)];
    }

    [Fact]
    public async Task The_services_statement_about_a_model_overrides_the_catalog()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { TellsModelStatus = true });
        ModelInfo listed = ModelCatalog.BuiltIn.Find("nb2-3.1")!;
        NbImage image = await EmulatorFixture.MakeAsync(fixture.Service, Fox with { Model = listed.Id });
        string day = listed.Retirement!.Shutdown!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Contains(image.Warnings, warning => warning.Contains("The service says", StringComparison.Ordinal)
            && warning.Contains(day, StringComparison.Ordinal));
        ModelInfo seen = Assert.Single(ModelStatuses.Apply([listed]));
        Assert.True(seen.Retirement!.Confirmed);
        Assert.Equal(listed.Retirement.Replacement, seen.Retirement.Replacement);
        Assert.Contains("The service says", seen.Note, StringComparison.Ordinal);
        // What was said to be is certain now.
        Assert.Contains(fixture.Service.Prepare(Fox with { Model = listed.Id }).Warnings,
            warning => warning.Contains($"it is switched off on {day}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PUP_LIMITED_DISABLED", 1)]
    [InlineData("BLOCKED:PUP_LIMITED_DISABLED", 1)]
    [InlineData("MODEL_ARMOR", 6)]
    [InlineData("ESCALATION", 6)]
    [InlineData("OTHER", 6)]
    public async Task Only_an_account_wide_refusal_ends_a_batch_and_none_is_repeated(string reason, int requests)
    {
        using var fixture = new EmulatorFixture();
        string items = string.Join(',', Enumerable.Range(1, 6).Select(i =>
            $"{{\"name\":\"i{i}\",\"prompt\":\"[[{reason}]] {i}\"}}"));
        string manifest = $"{{\"defaults\":{{\"model\":\"nb2-lite\",\"aspectRatio\":\"8:1\"}},\"items\":[{items}]}}";
        try
        {
            await fixture.RunAsync(manifest, new BatchOptions { ThrottleLimit = 1 });
        }
        catch (NbException e)
        {
            Assert.EndsWith(e.Reason!, reason, StringComparison.Ordinal);
            Assert.Contains("account", e.Advice, StringComparison.Ordinal);
        }
        Assert.Equal(requests, fixture.Asked.Count);
    }

    [Fact]
    public async Task A_partly_successful_job_keeps_its_results()
    {
        using var marking = new MarkingHandler();
        using var fixture = new EmulatorFixture(handler: marking);
        (BatchSummary summary, List<BatchItem> items) =
            await fixture.RunAsync(EmulatorFixture.Many(3), new BatchOptions { Mode = BatchMode.Batch });
        Assert.Equal(2, summary.Made);
        Assert.All(items.Where(item => item.State == BatchItemState.Succeeded),
            item => Assert.True(File.Exists(item.Path)));
        BatchItem rest = items.GroupBy(item => item.Name).Select(states => states.Last())
            .Single(item => item.State != BatchItemState.Succeeded);
        Assert.Equal(BatchItemState.Failed, rest.State);
        Assert.Contains("PARTIALLY_SUCCEEDED", rest.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thought_images_are_separate_images()
    {
        using var fixture = new EmulatorFixture();
        NbImage image = await EmulatorFixture.MakeAsync(fixture.Service,
            new ImageRequest { Prompt = "a fox", Model = "nb2", IncludeThoughts = true });
        Assert.Equal(2, image.ThoughtImages.Length);
        NbImage saved = ImageFile.SaveIn(image.ThoughtImages[0], fixture.Destination);
        Assert.Equal(image.ThoughtImages[0].Sha256, Blob.FromFile(saved.Path!).Sha256);
        Assert.Null(saved.Cost);
    }

    [Fact]
    public void A_model_lists_every_picture_it_makes()
    {
        ModelInfo model = ModelCatalog.BuiltIn.Find("nb2")!;
        Assert.Equal(model.Ratios.Count * model.Sizes.Count, model.Pixels.Count);
        ModelPixels wide = model.Pixels.Single(one => one is { Ratio: "16:9", Size: "2K" });
        Assert.Equal(new ModelPixels("16:9", "2K", new PixelSize(2752, 1536), 1680, 0.0504m), wide);
    }

    [Fact]
    public async Task A_composition_reference_gives_only_its_layout()
    {
        using var fixture = new EmulatorFixture();
        Anchor layout = await EmulatorFixture.AnchorAsync(fixture.Service, "cover", ReferenceRole.Composition);
        string prompt = fixture.Service.Prepare(Fox with { Anchors = [layout] }).Prompt;
        Assert.Contains("Image 1 is the composition", prompt, StringComparison.Ordinal);
        Assert.Contains("the same layout", prompt, StringComparison.Ordinal);
    }

    /// <summary>Names jobs so that the emulator finishes a part of them.</summary>
    private sealed class MarkingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith(":batchGenerateContent", StringComparison.Ordinal))
            {
                string body = await request.Content!.ReadAsStringAsync(cancellationToken);
                request.Content = new StringContent(body.Replace("\"displayName\":\"",
                    "\"displayName\":\"[[PARTIALLY_SUCCEEDED]]", StringComparison.Ordinal), null, "application/json");
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }

    // A pool of its own: other tests search too.
    private static ImageService WithFreeSearches(EmulatorFixture fixture, int count,
        ModelApi api = ModelApi.GenerateContent)
    {
        string path = fixture.Write("models.json", "{\"modelDefaults\":{\"freeSearches\":{\"count\":"
            + $"{count},\"pool\":\"{Guid.NewGuid()}\"}}}}}}");
        return new ImageService(new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"),
            new GeminiClientOptions { Api = api }, new EmulatorHandler(fixture.Emulator)), ModelCatalog.Load(path));
    }
}
