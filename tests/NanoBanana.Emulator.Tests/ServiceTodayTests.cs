using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>What the service has learned since November 2026.</summary>
public class ServiceTodayTests
{
    private const string Lite = "gemini-3.1-flash-lite-image";
    private const string Deprecated = "gemini-3.1-flash-image";

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta")]
    public async Task Both_versions_serve_models_files_and_batches(string version)
    {
        using Emulator emulator = new();
        Assert.Equal(HttpStatusCode.OK, (await emulator.GetAsync($"{version}/models")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.GetAsync($"{version}/files")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.GetAsync($"{version}/batches")).Status);
        using HttpRequestMessage start = new(HttpMethod.Post, $"upload/{version}/files");
        start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        start.Headers.Add("X-Goog-Upload-Command", "start");
        using HttpResponseMessage started = await emulator.Client.SendAsync(start);
        Assert.Contains($"/upload/{version}/files", started.Headers.GetValues("x-goog-upload-url").Single(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flex", 0.5)]
    [InlineData("priority", 1.75)]
    [InlineData("standard", 1)]
    public async Task A_tier_is_reported_and_billed(string tier, double factor)
    {
        using Emulator emulator = new(new EmulatorOptions { IsRepeatable = true });
        await SendAsync(emulator, "A fox", new JsonObject());
        decimal usual = emulator.Service.Statistics.BilledUsd;
        Answer answer = await SendAsync(emulator, "A fox", new JsonObject { ["serviceTier"] = tier });

        Assert.Equal(tier, answer.Json["usageMetadata"]!["serviceTier"]!.GetValue<string>());
        Assert.Equal(usual * (decimal)factor, emulator.Service.Statistics.BilledUsd - usual);
    }

    [Fact]
    public async Task An_unknown_tier_and_labels_that_are_no_words_are_refused()
    {
        using Emulator emulator = new();
        Assert.Contains("service_tier",
            (await SendAsync(emulator, "A fox", new JsonObject { ["serviceTier"] = "golden" })).ErrorMessage,
            StringComparison.Ordinal);
        Answer labeled =
            await SendAsync(emulator, "A fox",
            new JsonObject { ["labels"] = new JsonObject { ["campaign"] = "spring" } });
        Assert.Equal(HttpStatusCode.OK, labeled.Status);
        Answer wrong =
            await SendAsync(emulator, "A fox", new JsonObject { ["labels"] = new JsonObject { ["campaign"] = 7 } });
        Assert.Contains("Invalid value at 'labels'", wrong.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_says_whether_a_request_may_be_kept()
    {
        using Emulator emulator = new();
        await SendAsync(emulator, "A fox", new JsonObject { ["store"] = false });
        await SendAsync(emulator, "A fox", new JsonObject { ["store"] = true });
        await SendAsync(emulator, "A fox", new JsonObject());
        Assert.Equal([false, true, null], emulator.Service.Journal.Entries.Select(entry => entry.Store));
    }

    [Fact]
    public async Task Cached_content_that_does_not_exist_is_an_error()
    {
        using Emulator emulator = new();
        Answer answer =
            await SendAsync(emulator, "A fox", new JsonObject { ["cachedContent"] = "cachedContents/none" });
        Assert.Equal((HttpStatusCode.Forbidden, "PERMISSION_DENIED"), (answer.Status, answer.ErrorStatus));
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task Lite_takes_no_size()
    {
        using Emulator emulator = new();
        Answer sized = await emulator.GenerateAsync("A fox", Lite, """{"imageConfig":{"imageSize":"1K"}}""");
        Assert.Equal(HttpStatusCode.BadRequest, sized.Status);
        Assert.Equal((1024, 1024), Answer.Size((await emulator.GenerateAsync("A fox", Lite)).Image));
    }

    [Fact]
    public async Task An_answer_reports_its_models_retirement_from_a_fault_or_the_catalog()
    {
        using Emulator silent = new();
        Assert.Null((await silent.GenerateAsync("A fox", Deprecated)).Json["modelStatus"]);

        using Emulator scripted =
            new(new EmulatorOptions { Faults =
            FaultScript.Parse("""[{"fault":"modelStatus","reason":"LEGACY","message":"Move on."}]""") });
        JsonNode status = (await scripted.GenerateAsync("A fox")).Json["modelStatus"]!;
        Assert.Equal(("LEGACY", "Move on."),
            (status["modelStage"]!.GetValue<string>(), status["message"]!.GetValue<string>()));

        using Emulator telling = new(new EmulatorOptions { TellsModelStatus = true });
        JsonNode told = (await telling.GenerateAsync("A fox", Deprecated)).Json["modelStatus"]!;
        Assert.Equal(("DEPRECATED", "2026-10-29T00:00:00Z"),
            (told["modelStage"]!.GetValue<string>(), told["retirementTime"]!.GetValue<string>()));
        Assert.Null((await telling.GenerateAsync("A fox")).Json["modelStatus"]);
    }

    [Theory]
    [InlineData(Emulator.Nb21, "video/mp4", true)]
    [InlineData(Emulator.Nb21, "application/pdf", true)]
    [InlineData(Emulator.Pro, "video/mp4", true)]
    [InlineData(Emulator.Pro, "application/pdf", false)]
    [InlineData(Emulator.Nb, "video/mp4", false)]
    [InlineData("gemini-3.7-flash", "application/pdf", true)]
    public async Task A_model_accepts_the_inputs_in_its_data(string model, string mimeType, bool takes)
    {
        using Emulator emulator = new();
        JsonObject turn = Emulator.UserTurn("Draw what happens");
        turn["parts"]!.AsArray()
            .Add(new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = mimeType, ["data"] = "AAAA" } });
        Answer answer = await emulator.GenerateAsync(new JsonArray(turn), model);
        Assert.Equal(takes ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        if (!takes) Assert.Equal($"Unsupported MIME type: {mimeType}", answer.ErrorMessage);
    }

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=abc", "")]
    [InlineData("gs://bucket/clip.mp4", "video/mp4")]
    [InlineData("https://example.com/fox.png?signed=1", "image/png")]
    public async Task A_foreign_address_is_accepted_unchanged(string uri, string mimeType)
    {
        using Emulator emulator = new();
        JsonObject turn = Emulator.UserTurn("Draw what happens");
        turn["parts"]!.AsArray()
            .Add(new JsonObject { ["fileData"] = new JsonObject { ["fileUri"] = uri, ["mimeType"] = mimeType } });
        Assert.Single((await emulator.GenerateAsync(new JsonArray(turn))).Images);
    }

    [Theory]
    [InlineData("MODEL_ARMOR")]
    [InlineData("ESCALATION")]
    [InlineData("PUP_LIMITED_DISABLED")]
    [InlineData("TOO_MANY_TOOL_CALLS")]
    [InlineData("CONTINUATION")]
    public async Task A_mark_in_the_prompt_gives_the_newer_finish_reasons(string reason)
    {
        using Emulator emulator = new();
        Assert.Equal(reason,
            (await emulator.GenerateAsync($"[[{reason}]]")).Candidate["finishReason"]!.GetValue<string>());
        Answer blocked = await emulator.GenerateAsync($"[[BLOCKED:{reason}]]");
        Assert.Equal(reason, blocked.Json["promptFeedback"]!["blockReason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("QUEUED", 0, "QUEUED")]
    [InlineData("PAUSED", 90, "PAUSED")]
    [InlineData("UPDATING", 90, "UPDATING")]
    [InlineData("QUEUED", 130, "SUCCEEDED")]
    [InlineData("PARTIALLY_SUCCEEDED", 130, "PARTIALLY_SUCCEEDED")]
    public async Task A_mark_in_the_name_leads_a_batch_through_the_newer_states(string mark, int seconds, string state)
    {
        using Emulator emulator = new(Slow);
        string name = await CreateBatchAsync(emulator, mark);
        emulator.Service.Advance(TimeSpan.FromSeconds(seconds));
        JsonNode job = (await emulator.GetAsync($"v1/{name}")).Json;
        Assert.Equal("BATCH_STATE_" + state, job["metadata"]!["state"]!.GetValue<string>());
        Assert.Equal(state.EndsWith("SUCCEEDED", StringComparison.Ordinal), job["done"] is not null);
    }

    [Fact]
    public async Task A_batch_that_succeeded_in_part_has_the_results_of_that_part()
    {
        using Emulator emulator = new(Slow);
        string name = await CreateBatchAsync(emulator, "PARTIALLY_SUCCEEDED");
        emulator.Service.Advance(TimeSpan.FromHours(1));
        JsonNode job = (await emulator.GetAsync($"v1/{name}")).Json;
        Assert.Equal(2, job["response"]!["inlinedResponses"]!["inlinedResponses"]!.AsArray().Count);
        Assert.Equal(("3", "2", "1"), (
            job["metadata"]!["batchStats"]!["requestCount"]!.GetValue<string>(),
            job["metadata"]!["batchStats"]!["successfulRequestCount"]!.GetValue<string>(),
            job["metadata"]!["batchStats"]!["pendingRequestCount"]!.GetValue<string>()));
        Assert.Equal(2, emulator.Service.Statistics.BatchGenerations);
    }

    [Fact]
    public async Task A_batch_can_take_its_time_to_be_canceled()
    {
        using Emulator emulator = new(Slow);
        string name = await CreateBatchAsync(emulator, "CANCELLING");
        await emulator.PostAsync($"v1/{name}:cancel", "{}");
        Assert.Equal("BATCH_STATE_CANCELLING",
            (await emulator.GetAsync($"v1/{name}")).Json["metadata"]!["state"]!.GetValue<string>());
        emulator.Service.Advance(TimeSpan.FromHours(1));
        Assert.Equal("BATCH_STATE_CANCELLED",
            (await emulator.GetAsync($"v1/{name}")).Json["metadata"]!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_catalog_of_the_user_adds_sizes_ratios_and_models()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, """
            {"models":[
              {"id":"gemini-nano-banana-2.1","sizes":["1K","2K","4K","6K"],"ratios":["1:1","3:1"]},
              {"id":"gemini-nano-banana-3","sizes":["1K"],"ratios":["1:1"],"thinking":{"levels":["high"]}}],
             "pixels":{"gemini-3":{"3:1":{"1K":"1776x592"}}}}
            """);
        try
        {
            using Emulator emulator = new(new EmulatorOptions { CatalogPath = path });
            Assert.Equal((6144, 6144),
                Answer.Size((
                await emulator.GenerateAsync("A fox", config: """{"imageConfig":{"imageSize":"6K"}}""")).Image));
            Assert.Equal((1776, 592),
                Answer.Size((
                await emulator.GenerateAsync("A fox", config: """{"imageConfig":{"aspectRatio":"3:1"}}""")).Image));
            Assert.NotNull(
                EmulatorPicture.TryRead((await emulator.GenerateAsync("A fox", "gemini-nano-banana-3")).Image));

            await File.WriteAllTextAsync(path, "{\"models\":[{}]}");
            Assert.Throws<FormatException>(() => new EmulatorService(new EmulatorOptions { CatalogPath = path }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static EmulatorOptions Slow =>
        new() { BatchPending = TimeSpan.FromMinutes(1), BatchRunning = TimeSpan.FromMinutes(1) };

    private static Task<Answer> SendAsync(Emulator emulator, string prompt, JsonObject more)
    {
        more["contents"] = new JsonArray(Emulator.UserTurn(prompt));
        return emulator.PostAsync($"v1/models/{Emulator.Nb21}:generateContent", more);
    }

    private static async Task<string> CreateBatchAsync(Emulator emulator, string mark)
    {
        JsonArray requests = new([.. Enumerable.Range(1, 3).Select(number => (JsonNode)new JsonObject
        {
            ["request"] = new JsonObject { ["contents"] = new JsonArray(Emulator.UserTurn($"Fox {number}")) },
        })]);
        Answer created = await emulator.PostAsync($"v1/models/{Lite}:batchGenerateContent", new JsonObject
        {
            ["batch"] = new JsonObject
            {
                ["displayName"] = $"[[{mark}]]",
                ["inputConfig"] = new JsonObject { ["requests"] = new JsonObject { ["requests"] = requests } },
                ["webhookConfig"] =
                    JsonNode.Parse("""{"uris":["https://example.com/hook"],"userMetadata":{"a":"b"}}"""),
            },
        });
        Assert.Equal(HttpStatusCode.OK, created.Status);
        return created.Json["name"]!.GetValue<string>();
    }
}
