using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>The Interactions API, with the emulator on the other side.</summary>
public sealed class InteractionsApiTests
{
    private static readonly GeminiClientOptions Interactions =
        new() { Api = ModelApi.Interactions, RetryDelay = TimeSpan.Zero, MaximumRetryCount = 0 };

    [Fact]
    public async Task An_image_is_made_with_its_words_tokens_and_cost()
    {
        using EmulatorFixture emulator = Fixture();
        NbImage image = await emulator.DrawAsync("a fox");
        Assert.Equal("STOP", image.FinishReason);
        Assert.StartsWith("v1_", image.ResponseId, StringComparison.Ordinal);
        Assert.Equal(emulator.Emulator.Statistics.BilledUsd, image.Cost);
        Assert.True(image.Usage!.ImageTokens > 0);
        Assert.Empty(image.Warnings);
        Turn turn = image.Conversation!.Turns[^1];
        Assert.Equal(["thought", "model_output"], turn.Steps.Select(step => step.Type));
        Assert.NotNull(turn.Steps[0].Signature);
        Assert.Equal(turn.Parts.Length, turn.Steps.Sum(step => step.Parts));
    }

    [Fact]
    public async Task Both_APIs_make_the_same_image()
    {
        using var one = new EmulatorFixture();
        using EmulatorFixture other = Fixture();
        var request = new ImageRequest { Prompt = "a fox", Seed = 7, Size = "1K", AspectRatio = "16:9" };
        NbImage a = Assert.Single(await one.SendAsync(request)), b = Assert.Single(await other.SendAsync(request));
        Assert.Equal(a.Sha256, b.Sha256);
        Assert.Equal((a.Text, a.Cost, a.Usage, a.RequestHash), (b.Text, b.Cost, b.Usage, b.RequestHash));
    }

    [Fact]
    public async Task The_next_turn_refers_to_the_previous_answer_and_sends_no_history()
    {
        using EmulatorFixture emulator = Fixture();
        NbImage fox = await emulator.DrawAsync("a fox");
        NbImage scarf = await emulator.EditAsync(fox, "add a scarf");
        NbImage night = await emulator.EditAsync(scarf, "at night");
        JsonObject body = Bodies(emulator)[^1];
        Assert.Equal(scarf.ResponseId, (string?)body["previous_interaction_id"]);
        Assert.Equal("at night", (string?)body["input"]);
        Assert.Equal(6, night.Conversation!.Turns.Length);
        Assert.Equal(3, emulator.Billed);
    }

    [Fact]
    public async Task Without_storage_the_steps_are_sent_back_unchanged()
    {
        using EmulatorFixture emulator = Fixture(Interactions with { NoStore = true });
        NbImage fox = await emulator.DrawAsync("a fox");
        NbImage scarf = await emulator.EditAsync(fox, "add a scarf");
        await emulator.EditAsync(scarf, "at night");
        JsonObject body = Bodies(emulator)[^1];
        Assert.Null(body["previous_interaction_id"]);
        Assert.Null(body["background"]);
        Assert.False((bool?)body["store"]);
        Assert.Equal(["user_input", "thought", "model_output", "user_input", "thought", "model_output", "user_input"],
            body["input"]!.AsArray().Select(step => (string?)step!["type"]));
        Assert.Equal(3, emulator.Billed);
    }

    [Fact]
    public async Task An_answer_that_the_service_has_forgotten_is_replaced_by_the_steps_and_paid_once()
    {
        using EmulatorFixture emulator = Fixture(options: new EmulatorOptions { InteractionLifetime = TimeSpan.Zero });
        NbImage fox = await emulator.DrawAsync("a fox");
        NbImage scarf = await emulator.EditAsync(fox, "add a scarf");
        Assert.Equal(4, scarf.Conversation!.Turns.Length);
        List<JsonObject> bodies = Bodies(emulator);
        Assert.Equal(3, bodies.Count);
        Assert.NotNull(bodies[1]["previous_interaction_id"]);
        Assert.Null(bodies[2]["previous_interaction_id"]);
        Assert.Equal(2, emulator.Billed);
    }

    [Fact]
    public async Task The_conversation_of_a_saved_image_continues_after_reading_it_again()
    {
        using EmulatorFixture emulator = Fixture();
        NbImage fox = await emulator.DrawAsync("a fox");
        NbImage read = ImageFile.Import(ImageFile.Save(fox, emulator.At("fox.jpg")).Path!);
        await emulator.EditAsync(read, "add a scarf");
        Assert.Equal(fox.ResponseId, (string?)Bodies(emulator)[^1]["previous_interaction_id"]);
        // Another key does not have it: the steps themselves do.
        using EmulatorFixture other = Fixture();
        NbImage elsewhere = await other.EditAsync(
            read with { Conversation = WithKeeper(read.Conversation!, "somebody else") }, "add a scarf");
        Assert.Null(Bodies(other)[^1]["previous_interaction_id"]);
        Assert.Equal(4, elsewhere.Conversation!.Turns.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_of_the_other_API_is_restarted_from_the_picture(bool toInteractions)
    {
        using EmulatorFixture one = toInteractions ? new EmulatorFixture() : Fixture();
        using EmulatorFixture other = toInteractions ? Fixture() : new EmulatorFixture();
        NbImage fox = await one.DrawAsync("a fox");
        NbImage scarf = await other.EditAsync(fox, "add a scarf");
        Assert.Contains(scarf.Warnings, warning =>
            warning.Contains("starts a new conversation", StringComparison.Ordinal));
        Assert.Equal(2, scarf.Conversation!.Turns.Length);
        Assert.Contains(scarf.Conversation.Turns[0].Parts.OfType<ImagePart>(), part => part.Data.Sha256 == fox.Sha256);
    }

    [Theory]
    [InlineData("cutAfterCreated")]
    [InlineData("cutInPicture")]
    public async Task An_answer_whose_connection_broke_is_fetched_and_not_paid_again(string fault)
    {
        using EmulatorFixture emulator = Fixture(faults: fault);
        NbImage fox = await emulator.DrawAsync("a fox");
        Assert.Equal(1, emulator.Billed);
        Assert.True(fox.Width > 0);
        Assert.Equal(["POST", "GET"], Asked(emulator).Select(entry => entry.Method));
        // What was fetched is as good as what came by itself.
        Assert.Equal(4, (await emulator.EditAsync(fox, "add a scarf")).Conversation!.Turns.Length);
    }

    [Theory]
    [InlineData("cutAfterCreated")]
    [InlineData("cutInPicture")]
    public async Task Without_storage_a_lost_answer_stays_uncertain(string fault)
    {
        using EmulatorFixture emulator = Fixture(Interactions with { NoStore = true }, faults: fault);
        NbException e = await Assert.ThrowsAsync<NbException>(() => emulator.DrawAsync("a fox"));
        Assert.True(e.IsUncertain);
        Assert.DoesNotContain(Asked(emulator), entry => entry.Method == "GET");
    }

    [Theory]
    [InlineData("oddEvents")]
    [InlineData("unknownEvents")]
    public async Task Events_in_unusual_order_and_of_unknown_kinds_are_accepted(string fault)
    {
        using EmulatorFixture emulator = Fixture(faults: fault);
        NbImage fox = await emulator.DrawAsync("a fox");
        Assert.Equal("STOP", fox.FinishReason);
        Assert.Equal(1, emulator.Billed);
        await emulator.EditAsync(fox, "add a scarf");
        Assert.Equal(2, emulator.Billed);
    }

    [Fact]
    public async Task A_refusal_of_background_mode_is_remembered()
    {
        using EmulatorFixture emulator = Fixture(faults: "backgroundRefused");
        await emulator.DrawAsync("a fox");
        await emulator.DrawAsync("an owl");
        Assert.Equal([true, false, false], Bodies(emulator).Select(body => body["background"] is not null));
    }

    [Fact]
    public async Task An_interaction_that_fails_while_running_is_an_error_of_the_service()
    {
        using EmulatorFixture emulator = Fixture(faults: "errorEvent");
        NbException e = await Assert.ThrowsAsync<NbException>(() => emulator.DrawAsync("a fox"));
        Assert.False(e.IsUncertain);
        Assert.Equal(NbErrorKind.ResourceUnavailable, e.Kind);
        Assert.Equal(0, emulator.Billed);
    }

    [Theory]
    [InlineData("a fox [[SAFETY]]")]
    [InlineData("a fox [[BLOCKED]]")]
    [InlineData("a fox [[NO_IMAGE]]")]
    [InlineData("a fox [[MAX_TOKENS]]")]
    public async Task Refusals_are_reported_as_for_generateContent(string prompt)
    {
        using var one = new EmulatorFixture();
        using EmulatorFixture other = Fixture();
        NbException? a = await Record.ExceptionAsync(() => one.DrawAsync(prompt)) as NbException;
        NbException? b = await Record.ExceptionAsync(() => other.DrawAsync(prompt)) as NbException;
        Assert.Equal((a?.ErrorId, a?.Kind, a?.Reason), (b?.ErrorId, b?.Kind, b?.Reason));
        // What follows names the file that keeps the words.
        Assert.Equal(a?.Advice[..20], b?.Advice[..20]);
    }

    [Fact]
    public async Task Searches_are_reported_as_for_generateContent()
    {
        using var one = new EmulatorFixture();
        using EmulatorFixture other = Fixture();
        var request = new ImageRequest { Prompt = "weather in Oslo", Grounding = ["web", "image"] };
        Grounding a = Assert.Single(await one.SendAsync(request)).Grounding!;
        NbImage image = Assert.Single(await other.SendAsync(request));
        Grounding b = image.Grounding!;
        Assert.Equal(a.SearchEntryPoint, b.SearchEntryPoint);
        Assert.Equal(a.WebQueries.AsEnumerable(), b.WebQueries);
        Assert.Equal(a.ImageQueries.AsEnumerable(), b.ImageQueries);
        Assert.Equal(a.Sources.Length, b.Sources.Length);
        // Calls and results of tools are signed steps of their own.
        NbImage edit = await other.EditAsync(
            image with { Conversation = WithKeeper(image.Conversation!, null) }, "at night");
        Assert.Equal(4, edit.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task Thoughts_are_requested_and_returned()
    {
        using EmulatorFixture emulator = Fixture();
        NbImage image = Assert.Single(await emulator.SendAsync(
            new ImageRequest { Prompt = "a castle", IncludeThoughts = true, ThinkingLevel = "high" }));
        Assert.NotEmpty(image.Thoughts);
        Assert.Equal("auto", (string?)Bodies(emulator)[0]["generation_config"]!["thinking_summaries"]);
    }

    [Fact]
    public async Task References_are_sent_as_contents()
    {
        using EmulatorFixture emulator = Fixture();
        Anchor kael = await EmulatorFixture.AnchorAsync(emulator.Service, "kael");
        NbImage image = await EmulatorFixture.MakeAsync(emulator.Service, "kael rides", kael);
        Assert.Single(EmulatorFixture.Bands(image));
        Assert.Equal(["text", "image"],
            Bodies(emulator)[^1]["input"]!.AsArray().Select(content => (string?)content!["type"]));
    }

    [Fact]
    public async Task Unknown_steps_and_fields_are_sent_back_unchanged()
    {
        const string Whole = """
            {"id":"v1_x","status":"completed","model":"gemini-x","steps":[
              {"type":"dream","depth":3,"signature":"AAEC","scene":{"a":[1,2]}},
              {"type":"thought","signature":"AwQF","summary":[{"type":"text","text":"hm","mood":"calm"}]},
              {"type":"model_output","content":[{"type":"text","text":"hi","weight":1.50},{"type":"smell","data":"zz"}],
               "tail":true}]}
            """;
        Answer answer = (await ReadAsync(Whole)).Answer!;
        Turn turn = answer.Candidates[0].Content!;
        var call = new GenerateCall
        {
            Model = "gemini-x",
            Contents = [new Turn("user", [new TextPart("a")]), turn, new Turn("user", [new TextPart("b")])],
        };
        JsonArray input = JsonNode.Parse(RequestText.Raw(InteractionWriter.Write(call, false)))!["input"]!
            .AsArray();
        JsonArray steps = JsonNode.Parse(Whole)!["steps"]!.AsArray();
        Assert.Equal(5, input.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(JsonNode.DeepEquals(steps[i], input[i + 1]), $"{steps[i]} {input[i + 1]}");
        }
    }

    [Fact]
    public async Task A_picture_in_several_pieces_is_one_picture()
    {
        byte[] picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[100]];
        string Piece(byte[] bytes) =>
            $$"""
            data: {"delta":{"data":"{{Convert.ToBase64String(bytes)}}","type":"image"},"index":0,"event_type":"step.delta"}


            """;
        InteractionResult result = await ReadAsync(
            Piece(picture[..50]) + Piece(picture[50..]) + "data: {\"event_type\":\"interaction.completed\"}\n\n");
        ImagePart part = Assert.IsType<ImagePart>(Assert.Single(result.Answer!.Candidates[0].Content!.Parts));
        Assert.Equal(picture, part.Data.ToArray());
    }

    [Fact]
    public void A_stored_history_of_ten_pictures_of_8_MiB_is_not_sent()
    {
        var turns = ImmutableArray.CreateBuilder<Turn>();
        for (byte i = 0; i < 10; i++)
        {
            byte[] picture = new byte[8 * 1024 * 1024];
            picture[0] = i;
            turns.Add(new Turn("user", [new TextPart("again")]));
            turns.Add(new Turn("model", [new ImagePart(Blob.FromBytes(picture), "image/jpeg")])
            {
                Steps = [new Step(Step.ModelOutput, 1)],
            });
        }
        turns.Add(new Turn("user", [new TextPart("at night")]));
        var call = new GenerateCall { Model = "gemini-x", Contents = turns.ToImmutable() };
        Assert.True(InteractionWriter.Write(call, true).Length > 111_000_000);
        Assert.InRange(InteractionWriter.Write(call with { PreviousAnswer = "v1_x" }, true).Length, 1, 1000);
    }

    [Fact]
    public async Task An_unreadable_body_is_saved()
    {
        Answer answer = (await ReadAsync("""{"id":"v1_x","status":"completed","what":"is this"}""")).Answer!;
        Assert.True(File.Exists(answer.KeptAs));
        File.Delete(answer.KeptAs);
    }

    [Fact]
    public async Task Overflowing_token_counts_do_not_lose_the_answer()
    {
        InteractionResult result = await ReadAsync("""
            {"id":"v1_x","status":"completed","usage":{"output_tokens_by_modality":[
            {"modality":"image","tokens":9223372036854775807},{"modality":"image","tokens":9223372036854775807}]}}
            """);
        Assert.Equal("v1_x", result.Id);
    }

    [Fact]
    public async Task A_body_with_unknown_compression_is_saved_unchanged()
    {
        using var folder = new TemporaryFolder();
        // No letters: other tests' keys are hidden in whatever is kept.
        byte[] body = [0x28, 0xB5, 0x2F, 0xFD, .. Enumerable.Range(0, 300).Select(i => (byte)(i | 0x80))];
        NbException e = await Assert.ThrowsAsync<NbException>(() => InteractionReader.ReadAsync(
            new EncodedStream(new MemoryStream(body), "zstd", mayBeBilled: true),
            BlobSink.Files(new BlobStore(folder.Path)), isFree: false, _ => { }, CancellationToken.None));
        Assert.Equal("Nb.Answer.Encoded", e.ErrorId);
        string kept = Assert.Single(Directory.GetFiles(folder.Path, "*.zst", SearchOption.AllDirectories));
        Assert.Equal(body, await File.ReadAllBytesAsync(kept));
    }

    private static async Task<InteractionResult> ReadAsync(string body) => await InteractionReader.ReadAsync(
        new MemoryStream(Encoding.UTF8.GetBytes(body)), BlobSink.Memory, isFree: false, _ => { },
        CancellationToken.None);

    private static EmulatorFixture Fixture(
        GeminiClientOptions? client = null, string? faults = null, EmulatorOptions? options = null) =>
        new((options ?? new EmulatorOptions()) with
        {
            Faults = faults is null ? FaultScript.None
                : FaultScript.Parse($$"""{"faults":[{"fault":"{{faults}}","nth":1}]}"""),
        }, client ?? Interactions);

    private static Conversation WithKeeper(Conversation conversation, string? keeper) => conversation with
    {
        Turns = [.. conversation.Turns.Select(turn => turn.Provenance is { } origin
            ? turn with { Provenance = origin with { KeptFor = keeper } } : turn)],
    };

    private static ImmutableArray<JournalEntry> Asked(EmulatorFixture emulator) =>
        [.. emulator.Emulator.Journal.Entries.Where(entry =>
            entry.Path.Contains("interactions", StringComparison.Ordinal))];

    private static List<JsonObject> Bodies(EmulatorFixture emulator) =>
        [.. Asked(emulator).Where(entry => entry.Method == "POST")
            .Select(entry => JsonNode.Parse(entry.Body!)!.AsObject())];
}
