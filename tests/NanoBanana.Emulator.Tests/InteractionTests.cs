using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>The Interactions API as clients use it.</summary>
public class InteractionTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta")]
    public async Task An_interaction_answers_with_steps_and_usage(string version)
    {
        using Emulator emulator = new();
        Answer answer = await emulator.InteractAsync("A fox", path: $"{version}/interactions");

        Assert.StartsWith("v1_", answer.Id(), StringComparison.Ordinal);
        Assert.Equal("completed", answer.Status());
        Assert.Equal(["thought", "model_output"], answer.Steps().Select(step => step!["type"]!.GetValue<string>()));
        Assert.NotNull(answer.Step("thought")["signature"]);
        Assert.Equal((1024, 1024), Answer.Size(answer.Drawn()));
        JsonNode usage = answer.Json["usage"]!;
        Assert.Equal(
            usage["total_input_tokens"]!.GetValue<int>() + usage["total_output_tokens"]!.GetValue<int>()
                + usage["total_thought_tokens"]!.GetValue<int>(),
            usage["total_tokens"]!.GetValue<int>());
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task The_same_seed_gives_the_picture_that_generateContent_gives()
    {
        using Emulator emulator = new();
        Answer generated = await emulator.GenerateAsync("A fox", config: "{\"seed\":7}");
        Answer interaction =
            await emulator.InteractAsync("A fox", new JsonObject { ["generation_config"] = Interactions.Seeded });
        Assert.Equal(generated.Image, interaction.Drawn());
    }

    [Fact]
    public async Task A_model_that_does_not_think_signs_nothing()
    {
        using Emulator emulator = new();
        Answer answer = await emulator.InteractAsync("A fox", model: Emulator.Nb);
        Assert.Equal("model_output", Assert.Single(answer.Steps())!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_next_turn_edits_the_stored_picture_whose_bytes_are_not_sent_again()
    {
        using Emulator emulator = new();
        Answer one = await emulator.InteractAsync("A castle");
        Answer two = await emulator.InteractAsync("At night",
            new JsonObject { ["previous_interaction_id"] = one.Id() });
        Answer three =
            await emulator.InteractAsync("In snow", new JsonObject { ["previous_interaction_id"] = two.Id() });

        Assert.Equal((one.Remembered().Seed, 2), (three.Remembered().Seed, three.Remembered().Depth));
        Assert.True(emulator.Service.Journal.Entries[^1].BodyLength < 1000);
    }

    [Fact]
    public async Task Two_turns_on_one_interaction_are_two_branches()
    {
        using Emulator emulator = new();
        Answer one = await emulator.InteractAsync("A castle");
        Answer night =
            await emulator.InteractAsync("At night", new JsonObject { ["previous_interaction_id"] = one.Id() });
        Answer snow =
            await emulator.InteractAsync("In snow", new JsonObject { ["previous_interaction_id"] = one.Id() });

        Assert.Equal((1, 1), (night.Remembered().Depth, snow.Remembered().Depth));
        Assert.NotEqual(night.Remembered().Accents, snow.Remembered().Accents);
    }

    [Fact]
    public async Task Steps_sent_along_continue_as_the_stored_ones_do()
    {
        using Emulator emulator = new();
        JsonObject seeded = new() { ["generation_config"] = Interactions.Seeded };
        Answer one = await emulator.InteractAsync("A castle", seeded);
        Answer chained = await emulator.InteractAsync("At night", new JsonObject
        {
            ["previous_interaction_id"] = one.Id(), ["generation_config"] = Interactions.Seeded,
        });
        Answer sent =
            await emulator.InteractAsync(Interactions.History("A castle", one.Steps(), "At night"), new JsonObject
        {
            ["store"] = false, ["generation_config"] = Interactions.Seeded,
        });

        Assert.Equal(chained.Drawn(), sent.Drawn());
        Assert.Equal(
            chained.Json["usage"]!["total_input_tokens"]!.GetValue<int>(),
                sent.Json["usage"]!["total_input_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("thought", "missing")]
    [InlineData("google_search_call", "missing")]
    [InlineData("thought", "changed")]
    [InlineData("google_search_call", "changed")]
    [InlineData("google_search_result", "changed")]
    [InlineData("model_output", "changed")]
    public async Task A_signature_that_is_missing_or_does_not_fit_is_refused(string type, string what)
    {
        using Emulator emulator = new();
        JsonObject search =
            JsonNode.Parse(
            """{"tools":[{"type":"google_search"}],"response_format":[{"type":"text"},{"type":"image"}]}""")!
            .AsObject();
        Answer one = await emulator.InteractAsync("A castle", search);
        JsonArray steps = one.Steps().DeepClone().AsArray();
        JsonObject step = steps.First(found => found!["type"]!.GetValue<string>() == type)!.AsObject();
        if (type == "model_output")
        {
            step["content"]![0]!["text"] = "Other words.";
        }
        else if (what == "missing")
        {
            step.Remove("signature");
        }
        else
        {
            byte[] signature = Convert.FromBase64String(step["signature"]!.GetValue<string>());
            signature[^1] ^= 1;
            step["signature"] = Convert.ToBase64String(signature);
        }

        Answer refused = await emulator.InteractAsync(Interactions.History("A castle", steps, "At night"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(what == "missing" ? "missing a thought_signature"
            : "Corrupted thought signature", refused.ErrorMessage, StringComparison.Ordinal);
        Answer untouched = await emulator.InteractAsync(Interactions.History("A castle", one.Steps(), "At night"));
        Assert.Equal("completed", untouched.Status());
        Answer foreign =
            await emulator.InteractAsync(Interactions.History("A castle", one.Steps(), "At night"),
            model: Emulator.Pro);
        Assert.Equal("Corrupted thought signature.", foreign.ErrorMessage);
    }

    [Fact]
    public async Task Contents_are_references_and_an_address_is_not_fetched()
    {
        using Emulator emulator = new();
        byte[] fox = (await emulator.InteractAsync("A fox")).Drawn();
        byte[] den = (await emulator.InteractAsync("A den")).Drawn();
        JsonArray contents = Interactions.Contents("The fox in the den", fox, den);
        contents.Add(
            new JsonObject { ["type"] = "image", ["uri"] = "https://example.com/tree.png",
            ["mime_type"] = "image/png" });
        Answer answer = await emulator.InteractAsync(contents);

        Assert.Contains(EmulatorPicture.BandFor(fox), answer.Remembered().Bands);
        Assert.Contains(EmulatorPicture.BandFor(den), answer.Remembered().Bands);
        Assert.Equal(3, answer.Remembered().Bands.Count);
    }

    [Fact]
    public async Task An_image_only_format_gives_no_text_and_on_request_an_address()
    {
        using Emulator emulator = new();
        Answer image = await emulator.InteractAsync("A fox", new JsonObject
        {
            ["response_format"] =
                new JsonObject { ["type"] = "image", ["aspect_ratio"] = "16:9", ["image_size"] = "2K" },
        });
        Assert.Equal((2752, 1536), Answer.Size(image.Drawn()));
        Assert.Single(image.Step("model_output")["content"]!.AsArray());

        Answer linked = await emulator.InteractAsync("A fox", new JsonObject
        {
            ["response_format"] = new JsonObject { ["type"] = "image", ["delivery"] = "uri" },
        });
        JsonNode content = Assert.Single(linked.Step("model_output")["content"]!.AsArray())!;
        Assert.Null(content["data"]);
        byte[] fetched = await emulator.Client.GetByteArrayAsync(content["uri"]!.GetValue<string>());
        Assert.NotNull(EmulatorPicture.TryRead(fetched));
    }

    [Fact]
    public async Task Searches_are_steps_are_cited_and_are_counted()
    {
        using Emulator emulator = new();
        Answer answer = await emulator.InteractAsync("Oslo", JsonNode.Parse(
            """{"tools":[{"type":"google_search","search_types":["web_search","image_search"]}]}""")!.AsObject());

        Assert.Equal(
            ["thought", "google_search_call", "google_search_result", "google_search_call", "google_search_result",
                "model_output"],
            answer.Steps().Select(step => step!["type"]!.GetValue<string>()));
        Assert.Equal(2, answer.Json["usage"]!["grounding_tool_count"]![0]!["count"]!.GetValue<int>());
        Assert.Equal(2, emulator.Service.Statistics.BilledSearches);
        JsonNode text = answer.Step("model_output")["content"]![0]!;
        Assert.All(text["annotations"]!.AsArray(), annotation =>
            Assert.Equal("url_citation", annotation!["type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_interaction_that_was_not_stored_can_be_neither_fetched_nor_continued()
    {
        using Emulator emulator = new();
        Answer one = await emulator.InteractAsync("A fox", new JsonObject { ["store"] = false });

        Assert.Equal(HttpStatusCode.NotFound, (await emulator.GetInteractionAsync(one.Id())).Status);
        Answer chained =
            await emulator.InteractAsync("Again", new JsonObject { ["previous_interaction_id"] = one.Id() });
        Assert.Equal(("NOT_FOUND", HttpStatusCode.NotFound), (chained.ErrorStatus, chained.Status));
        Answer both =
            await emulator.InteractAsync("Again",
            new JsonObject { ["previous_interaction_id"] = one.Id(), ["store"] = false });
        Assert.Equal(HttpStatusCode.BadRequest, both.Status);
        Answer background =
            await emulator.InteractAsync("Again", new JsonObject { ["background"] = true, ["store"] = false });
        Assert.Equal(HttpStatusCode.BadRequest, background.Status);
        Assert.False(emulator.Service.Journal.Entries[0].Store);
        Assert.Null(emulator.Service.Journal.Entries[2].Store);
    }

    [Fact]
    public async Task A_stored_interaction_is_the_same_when_fetched_until_it_expires_and_for_its_own_key_only()
    {
        using Emulator emulator = new(new EmulatorOptions { InteractionLifetime = TimeSpan.FromDays(1) });
        Answer one = await emulator.InteractAsync("A fox");
        Answer again = await emulator.GetInteractionAsync(one.Id(), "?include_input=true");
        Assert.Equal(one.Steps().ToJsonString(), again.Steps().ToJsonString());
        Assert.Equal("A fox", again.Json["input"]![0]!["content"]![0]!["text"]!.GetValue<string>());

        using HttpRequestMessage foreign = new(HttpMethod.Get, $"{Interactions.Path}/{one.Id()}");
        foreign.Headers.Add("x-goog-api-key", "another-key");
        using HttpClient other =
            new(new EmulatorHandler(emulator.Service)) { BaseAddress = new Uri("https://gemini.test/") };
        using HttpResponseMessage refused = await other.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        emulator.Service.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.NotFound, (await emulator.GetInteractionAsync(one.Id())).Status);
    }

    [Fact]
    public async Task A_deleted_interaction_is_not_found()
    {
        using Emulator emulator = new();
        Answer one = await emulator.InteractAsync("A fox");
        using HttpResponseMessage deleted = await emulator.Client.DeleteAsync($"{Interactions.Path}/{one.Id()}");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await emulator.GetInteractionAsync(one.Id())).Status);
    }

    [Fact]
    public async Task Work_in_the_background_follows_the_clock_and_is_billed_when_it_is_done()
    {
        using Emulator emulator = new(new EmulatorOptions
        {
            BackgroundQueued = TimeSpan.FromMinutes(1), BackgroundRunning = TimeSpan.FromMinutes(1),
        });
        Answer created = await emulator.InteractAsync("A fox", new JsonObject { ["background"] = true });
        Assert.Equal("queued", created.Status());
        emulator.Service.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal("in_progress", (await emulator.GetInteractionAsync(created.Id())).Status());
        Answer early =
            await emulator.InteractAsync("Again", new JsonObject { ["previous_interaction_id"] = created.Id() });
        Assert.Equal("FAILED_PRECONDITION", early.ErrorStatus);
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);

        emulator.Service.Advance(TimeSpan.FromMinutes(1));
        Answer done = await emulator.GetInteractionAsync(created.Id());
        Assert.Equal("completed", done.Status());
        Assert.NotNull(done.Remembered());
        await emulator.GetInteractionAsync(created.Id());
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
        JournalEntry entry = emulator.Service.Journal.Entries[0];
        Assert.Equal((true, 1), (entry.IsBilled, entry.Images));
    }

    [Fact]
    public async Task Only_work_in_the_background_can_be_canceled_and_is_then_not_billed()
    {
        using Emulator emulator = new();
        Answer running = await emulator.InteractAsync("A fox", new JsonObject { ["background"] = true });
        Answer canceled = await emulator.PostAsync($"{Interactions.Path}/{running.Id()}/cancel", "{}");
        Assert.Equal("cancelled", canceled.Status());
        emulator.Service.Advance(TimeSpan.FromHours(1));
        Assert.Equal("cancelled", (await emulator.GetInteractionAsync(running.Id())).Status());
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);

        Answer done = await emulator.InteractAsync("A fox");
        Answer refused = await emulator.PostAsync($"{Interactions.Path}/{done.Id()}/cancel", "{}");
        Assert.Equal("FAILED_PRECONDITION", refused.ErrorStatus);
    }

    [Theory]
    [InlineData("failed", 0)]
    [InlineData("cancelled", 0)]
    [InlineData("incomplete", 1)]
    [InlineData("budget_exceeded", 1)]
    [InlineData("requires_action", 1)]
    [InlineData("something_new", 1)]
    public async Task A_mark_gives_any_status(string status, int billed)
    {
        using Emulator emulator = new();
        Answer answer = await emulator.InteractAsync($"[[STATUS:{status}]] A fox");
        Assert.Equal((status, billed), (answer.Status(), emulator.Service.Statistics.BilledGenerations));
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("in_progress")]
    public async Task A_mark_can_leave_an_answer_unfinished(string status)
    {
        using Emulator emulator =
            new(new EmulatorOptions { BackgroundQueued = status == "queued" ? TimeSpan.FromMinutes(1)
            : TimeSpan.Zero });
        Answer answer = await emulator.InteractAsync($"[[STATUS:{status}]] A fox");
        Assert.Equal(status, answer.Status());
        emulator.Service.Advance(TimeSpan.FromHours(1));
        Assert.Equal("completed", (await emulator.GetInteractionAsync(answer.Id())).Status());
    }

    [Fact]
    public async Task A_token_continues_only_its_own_interaction()
    {
        using Emulator emulator = new();
        Answer first = await emulator.InteractAsync("[[STATUS:requires_continuation]] A fox");
        Assert.Equal("requires_continuation", first.Status());
        JsonObject body = new()
        {
            ["model"] = Emulator.Nb21,
            ["previous_interaction_id"] = first.Id(),
            ["continuation_token"] = first.Json["continuation_token"]!.GetValue<string>(),
        };
        Answer rest = await emulator.PostAsync(Interactions.Path, body);
        Assert.Equal("completed", rest.Status());
        body["continuation_token"] = "ct_other";
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.PostAsync(Interactions.Path, body)).Status);
    }

    [Fact]
    public async Task A_refusal_says_why_in_the_answer_and_a_blocked_prompt_costs_nothing()
    {
        using Emulator emulator = new();
        Answer unsafeAnswer = await emulator.InteractAsync("[[IMAGE_SAFETY]] A fox");
        Assert.Equal("failed", unsafeAnswer.Status());
        Assert.Equal("IMAGE_SAFETY",
            unsafeAnswer.Step("model_output")["error"]!["details"]![0]!["reason"]!.GetValue<string>());
        Answer words = await emulator.InteractAsync("[[TEXT_ONLY]] A fox");
        Assert.Equal("completed", words.Status());
        Assert.Equal(2, emulator.Service.Statistics.BilledGenerations);

        Answer blocked = await emulator.InteractAsync("[[BLOCKED:JAILBREAK]] A fox");
        Assert.Equal("JAILBREAK", blocked.Json["errors"]![0]!["code"]!.GetValue<string>());
        Assert.Equal(2, emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("""{"input":"A fox"}""", "one of model and agent")]
    [InlineData("""{"model":"gemini-nano-banana-2.1"}""", "input is not specified")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":7}""", "Invalid value at 'input'")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":[{"type":"riddle"}]}""",
        "Invalid value at 'input[0].type'")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":[{"type":"image"}]}""", "one of data and uri")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","imageConfig":{}}""",
        "Unknown name \"imageConfig\"")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","response_format":{"type":"image","imageSize":"1K"}}""",
        "Unknown name \"imageSize\" at 'response_format'")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","response_format":{"type":"image","image_size":"8K"}}""",
        "image_size must be one of")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","response_format":{"type":"hologram"}}""",
        "hologram")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","service_tier":"golden"}""", "service_tier")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","tools":[{"type":"code_execution"}]}""",
        "Code execution is not enabled")]
    [InlineData("""{"model":"gemini-nano-banana-2.1","input":"A fox","generation_config":{"thinking_level":"low"}}""",
        "Thinking level LOW")]
    public async Task Wrong_fields_are_refused_by_name_and_not_billed(string body, string message)
    {
        using Emulator emulator = new();
        Answer answer = await emulator.PostAsync(Interactions.Path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARGUMENT"), (answer.Status, answer.ErrorStatus));
        Assert.Contains(message, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task An_unknown_interaction_is_not_found()
    {
        using Emulator emulator = new();
        Assert.Equal("NOT_FOUND", (await emulator.InteractAsync("A fox", model: "no-such-model")).ErrorStatus);
        Assert.Equal("NOT_FOUND", (await emulator.GetInteractionAsync("v1_none")).ErrorStatus);
        Assert.Equal("NOT_FOUND", (await emulator.PostAsync($"{Interactions.Path}/v1_none/cancel", "{}")).ErrorStatus);
    }
}
