using System.Text.Json.Nodes;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>The streams of interactions, and what goes wrong with them.</summary>
public class InteractionStreamTests
{
    private static readonly JsonObject Streamed = new()
    {
        ["stream"] = true,
            ["generation_config"] = new JsonObject { ["thinking_summaries"] = "auto", ["thinking_level"] = "high" },
    };

    [Fact]
    public async Task A_stream_sends_the_id_first_and_then_the_steps()
    {
        using Emulator emulator = new();
        Answer answer = await emulator.InteractAsync("A fox", Streamed);

        Assert.Equal("text/event-stream", answer.Message.Content.Headers.ContentType!.MediaType);
        List<JsonObject> events = Interactions.Events(answer.Text);
        Assert.Equal("interaction.created", events[0].Type());
        Assert.Equal("interaction.completed", events[^1].Type());
        Assert.EndsWith("data: [DONE]\n\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal(events.Count, events.Select(wire => wire["event_id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(
            ["thought_summary", "thought_summary", "thought_summary", "thought_signature", "text", "text", "image"],
            events.Where(wire => wire.Type() == "step.delta")
                .Select(wire => wire["delta"]!["type"]!.GetValue<string>()));
        Answer stored = await emulator.GetInteractionAsync(IdOf(events));
        Assert.Equal(stored.Drawn(), Picture(events));
        Assert.Equal(stored.Json["usage"]!.ToJsonString(), events[^1]["interaction"]!["usage"]!.ToJsonString());
    }

    [Fact]
    public async Task A_stream_is_resumed_after_any_of_its_events()
    {
        using Emulator emulator = new();
        List<JsonObject> events = Interactions.Events((await emulator.InteractAsync("A fox", Streamed)).Text);
        for (int index = 0; index < events.Count; index++)
        {
            Answer rest = await emulator.GetInteractionAsync(
                IdOf(events), $"?stream=true&last_event_id={events[index]["event_id"]!.GetValue<string>()}");
            Assert.Equal(
                events.Skip(index + 1).Select(wire => wire.ToJsonString()),
                    Interactions.Events(rest.Text).Select(wire => wire.ToJsonString()));
        }

        Answer unknown = await emulator.GetInteractionAsync(IdOf(events), "?stream=true&last_event_id=evt_none");
        Assert.Contains("last_event_id", unknown.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("cutAfterCreated", false)]
    [InlineData("cutInPicture", true)]
    public async Task A_broken_stream_has_sent_its_id_and_the_answer_can_be_fetched(
        string fault, bool reachesThePicture)
    {
        using Emulator emulator =
            new(new EmulatorOptions { Faults = FaultScript.Parse($$"""[{"fault":"{{fault}}","nth":1}]""") });
        string read = await ReadToTheBreakAsync(emulator, Streamed);

        List<JsonObject> events = Interactions.Events(read[..(read.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)]);
        Assert.Equal("interaction.created", events[0].Type());
        string rest = read[(read.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        Assert.Equal(reachesThePicture, rest.Contains("\"type\":\"image\"", StringComparison.Ordinal));
        if (!reachesThePicture) Assert.Single(events);
        Answer stored = await emulator.GetInteractionAsync(IdOf(events));
        Assert.Equal((1024, 1024), Answer.Size(stored.Drawn()));
        Assert.Equal((1, 1),
            (emulator.Service.Statistics.BilledGenerations, emulator.Service.Statistics.BilledUndelivered));
    }

    [Fact]
    public async Task Events_in_unusual_order_have_the_same_steps()
    {
        using Emulator emulator =
            new(new EmulatorOptions { Faults = FaultScript.Parse("""[{"fault":"oddEvents"}]""") });
        List<JsonObject> events = Interactions.Events((await emulator.InteractAsync("A fox", Streamed)).Text);

        Assert.Equal(["interaction.status_update", "interaction.created"], events.Take(2).Select(wire => wire.Type()));
        int[] deltas =
            [.. events.Where(wire => wire.Type() == "step.delta").Select(wire => wire["index"]!.GetValue<int>())];
        Assert.Equal(deltas.OrderDescending(), deltas);
        string id = events[1]["interaction"]!["id"]!.GetValue<string>();
        Assert.Equal((await emulator.GetInteractionAsync(id)).Drawn(), Picture(events));
    }

    [Fact]
    public async Task Unknown_events_stand_between_the_known_ones()
    {
        using Emulator emulator =
            new(new EmulatorOptions { Faults = FaultScript.Parse("""[{"fault":"unknownEvents","nth":1}]""") });
        List<JsonObject> events = Interactions.Events((await emulator.InteractAsync("A fox", Streamed)).Text);

        Assert.Contains(events, wire => wire.Type() == "interaction.weather");
        Assert.Contains(events, wire => wire["delta"]?["type"]?.GetValue<string>() == "mood");
        Assert.Contains(events, wire => wire["step"]?["type"]?.GetValue<string>() == "dream");
        Assert.Contains(events, wire => wire["status"]?.GetValue<string>() == "polishing");
        Assert.Equal("interaction.completed", events[^1].Type());
        Assert.NotEmpty(Picture(events));
    }

    [Fact]
    public async Task An_error_event_ends_a_stream_that_costs_nothing()
    {
        using Emulator emulator =
            new(new EmulatorOptions { Faults = FaultScript.Parse("""[{"fault":"errorEvent","nth":1}]""") });
        List<JsonObject> events = Interactions.Events((await emulator.InteractAsync("A fox", Streamed)).Text);

        Assert.Equal("error", events[^1].Type());
        Assert.Equal("INTERNAL", events[^1]["error"]!["code"]!.GetValue<string>());
        Assert.Equal("failed", (await emulator.GetInteractionAsync(IdOf(events))).Status());
        Assert.Equal(0, emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task A_stream_of_background_work_waits_for_it()
    {
        using Emulator emulator = new(new EmulatorOptions { BackgroundRunning = TimeSpan.FromHours(1) });
        Answer created = await emulator.InteractAsync("A fox", new JsonObject { ["background"] = true });
        List<JsonObject> events =
            Interactions.Events((await emulator.GetInteractionAsync(created.Id(), "?stream=true")).Text);
        Assert.Equal("interaction.completed", events[^1].Type());
    }

    [Fact]
    public async Task A_fault_rule_for_streams_does_not_count_other_requests()
    {
        using Emulator emulator =
            new(new EmulatorOptions { Faults = FaultScript.Parse("""[{"fault":"backgroundRefused","nth":1}]""") });
        await emulator.GenerateAsync("A fox");
        Answer refused = await emulator.InteractAsync("A fox", new JsonObject { ["background"] = true });
        Assert.Contains("Background execution", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("queued",
            (await emulator.InteractAsync("A fox", new JsonObject { ["background"] = true })).Status());
    }

    private static string IdOf(List<JsonObject> events) => events[0]["interaction"]!["id"]!.GetValue<string>();

    private static byte[] Picture(List<JsonObject> events) => Convert.FromBase64String(events
        .Last(wire => wire["delta"]?["type"]?.GetValue<string>() == "image")["delta"]!["data"]!.GetValue<string>());

    private static async Task<string> ReadToTheBreakAsync(Emulator emulator, JsonObject more)
    {
        JsonObject body = more.DeepClone().AsObject();
        body["model"] = Emulator.Nb21;
        body["input"] = "A fox";
        using StringContent content = new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, Interactions.Path) { Content = content };
        using HttpResponseMessage response =
            await emulator.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        using MemoryStream read = new();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(read));
        return System.Text.Encoding.UTF8.GetString(read.ToArray());
    }
}
