using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly Emulator _emulator = new(new EmulatorOptions { IsRepeatable = true });

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_batch_goes_from_pending_to_succeeded_on_the_clock()
    {
        string name = await CreateAsync("a fox", "[[ERROR:503]]", "a castle");
        List<string> states = [await StateAsync(name)];
        for (int step = 0; step < 2; step++)
        {
            _emulator.Service.Advance(TimeSpan.FromSeconds(1));
            states.Add(await StateAsync(name));
        }

        Assert.Equal(["BATCH_STATE_PENDING", "BATCH_STATE_RUNNING", "BATCH_STATE_SUCCEEDED"], states);
        JsonNode job = (await _emulator.GetAsync($"v1beta/{name}")).Json;
        Assert.True(job["done"]!.GetValue<bool>());
        Assert.Equal("3", job["metadata"]!["batchStats"]!["requestCount"]!.GetValue<string>());
        Assert.Equal("1", job["metadata"]!["batchStats"]!["failedRequestCount"]!.GetValue<string>());
        JsonArray results = job["response"]!["inlinedResponses"]!["inlinedResponses"]!.AsArray();
        Assert.Equal(["k0", "k1", "k2"], results.Select(result => result!["metadata"]!["key"]!.GetValue<string>()));
        Assert.Equal(503, results[1]!["error"]!["code"]!.GetValue<int>());
        Assert.NotNull(results[2]!["response"]!["candidates"]);
    }

    [Fact]
    public async Task A_batch_costs_half()
    {
        await _emulator.GenerateAsync("a fox");
        decimal live = _emulator.Service.Statistics.BilledUsd;
        string name = await CreateAsync("a fox");
        _emulator.Service.Advance(TimeSpan.FromHours(1));
        await StateAsync(name);
        await StateAsync(name);

        Assert.Equal(live * 1.5m, _emulator.Service.Statistics.BilledUsd);
        Assert.Equal(2, _emulator.Service.Statistics.BilledGenerations);
        Assert.Equal(1, _emulator.Service.Statistics.BatchGenerations);
    }

    [Fact]
    public async Task A_batch_that_never_ends_expires_after_48_hours()
    {
        string name = await CreateNamedAsync("[[EXPIRED]] nightly", "a fox");
        _emulator.Service.Advance(TimeSpan.FromHours(47));
        string before = await StateAsync(name);
        _emulator.Service.Advance(TimeSpan.FromHours(1));

        Assert.Equal("BATCH_STATE_RUNNING", before);
        Assert.Equal("BATCH_STATE_EXPIRED", await StateAsync(name));
        Assert.Equal(0, _emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task A_batch_can_be_canceled_listed_and_deleted()
    {
        string name = await CreateAsync("a fox");
        await _emulator.PostAsync($"v1beta/{name}:cancel", "{}");
        Answer list = await _emulator.GetAsync("v1beta/batches?pageSize=5");
        using HttpResponseMessage deleted = await _emulator.Client.DeleteAsync($"v1beta/{name}");

        Assert.Equal("BATCH_STATE_CANCELLED", list.Json["operations"]![0]!["metadata"]!["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _emulator.GetAsync($"v1beta/{name}")).Status);
    }

    [Fact]
    public async Task An_unknown_field_in_an_inline_request_fails_the_creation()
    {
        Answer answer = await _emulator.PostAsync(
            $"v1beta/models/{Emulator.Nb21}:batchGenerateContent",
            """{"batch":{"inputConfig":{"requests":{"requests":[{"request":{"content":[]}}]}}}}""");

        Assert.Equal(
            "Invalid JSON payload received. Unknown name \"content\" at 'batch.input_config.requests.requests[0].request': "
            + "Cannot find field.",
            answer.ErrorMessage);
    }

    private Task<string> CreateAsync(params string[] prompts) => CreateNamedAsync("test", prompts);

    private async Task<string> CreateNamedAsync(string displayName, params string[] prompts)
    {
        JsonArray requests = [];
        foreach (string prompt in prompts)
        {
            requests.Add(new JsonObject
            {
                ["request"] = new JsonObject { ["contents"] = new JsonArray(Emulator.UserTurn(prompt)) },
                ["metadata"] = new JsonObject { ["key"] = $"k{requests.Count}" },
            });
        }

        Answer answer = await _emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:batchGenerateContent", new JsonObject
        {
            ["batch"] = new JsonObject
            {
                ["displayName"] = displayName,
                ["inputConfig"] = new JsonObject { ["requests"] = new JsonObject { ["requests"] = requests } },
            },
        });
        return answer.Json["name"]!.GetValue<string>();
    }

    private async Task<string> StateAsync(string name) =>
        (await _emulator.GetAsync($"v1beta/{name}")).Json["metadata"]!["state"]!.GetValue<string>();
}
