using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;

namespace NanoBanana.Tests.Batches;

public sealed class ItemOptionTests
{
    private const string Chain = """
        {"defaults": {"serviceTier": "flex", "mediaResolution": "low"}, "items": [
          {"name": "face", "prompt": "a face", "store": false, "serviceTier": "priority"},
          {"name": "older", "from": "face", "edit": "twenty years older"},
          {"name": "tree", "prompt": "a tree"}
        ]}
        """;

    [Fact]
    public void An_edit_inherits_the_options_of_its_source()
    {
        using var fixture = new EmulatorFixture();
        GenerateCall[] calls = Calls(fixture, BatchMode.Live, out _);
        Assert.Equal(["priority", "priority", "flex"], calls.Select(Tier));
        // The edit carries the face along.
        Assert.Equal([true, true, false], calls.Select(call => call.NoStore));
    }

    [Fact]
    public void A_job_is_sent_without_a_tier_with_a_warning()
    {
        using var fixture = new EmulatorFixture();
        GenerateCall[] calls = Calls(fixture, BatchMode.Batch, out Planner planner);
        Assert.All(calls, call => Assert.Null(Tier(call)));
        Assert.Contains("'serviceTier'", Assert.Single(planner.Warnings));
    }

    private static GenerateCall[] Calls(EmulatorFixture fixture, BatchMode mode, out Planner planner)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.json"], Chain);
        var options = new BatchOptions { Mode = mode };
        planner = new Planner(Manifest.Load(folder["m.json"]), fixture.Service, options, destination: null);
        return [.. planner.Plan().Select(node => node.Prepared.Call)];
    }

    private static string? Tier(GenerateCall call) =>
        call.Fields.FirstOrDefault(field => field.Name == "serviceTier")?.Value.GetString();
}
