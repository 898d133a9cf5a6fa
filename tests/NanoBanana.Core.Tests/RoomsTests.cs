using NanoBanana.Tests.Shared;

namespace NanoBanana.Tests;

/// <summary>The order of the rooms, over the compiled assembly: what counts is which types use which, not which usings
/// stand above.</summary>
public sealed class RoomsTests
{
    private static readonly string[] Nested =
    [
        "Gemini.Json", "Gemini.Http",
        "Batches.Manifests", "Batches.Reviews", "Batches.Ledgers", "Batches.Plans", "Batches.Runs",
        "Extensions.GoogleAuth", "Extensions.Imaging",
    ];

    // Each room may use those before it. docs/architecture.md says why they stand in this order.
    private static readonly string[] Order =
    [
        "Errors", "Storage", "Models", "Pictures", "Conversations",
        "Gemini.Json", "Gemini.Http", "Gemini",
        "Images", "Requests", "Prompts", "Localization",
        "Extensions", "Extensions.GoogleAuth", "Extensions.Imaging", "Judging", "Generation",
        "Batches.Manifests", "Batches.Reviews", "Batches.Ledgers", "Batches.Plans", "Batches.Runs", "Batches",
        "Reports",
        "Terminals",
    ];

    private static readonly RoomGraph Graph = RoomGraph.Read(typeof(NbException).Assembly, "NanoBanana", Nested);

    [Fact]
    public void A_room_uses_only_rooms_above_it() => Assert.Empty(Graph.Against(Order));

    [Fact]
    public void An_edge_against_the_order_is_found() => Assert.Contains(
        Graph.Against([.. Order.Reverse()]), edge =>
            edge.StartsWith("Batches -> Batches.Runs: Batch", StringComparison.Ordinal));

    // A value, its kinds and its errors know each other. More than that is a tangle.
    [Fact]
    public void At_most_five_types_need_each_other() => Assert.True(
        Graph.LargestCircle() is { Count: > 1 and <= 5 }, string.Join(", ", Graph.LargestCircle()));

    [Fact]
    public void Every_room_of_the_order_exists() => Assert.Empty(Order.Except(Graph.Rooms));

    [Fact]
    public void Every_namespace_is_that_of_its_folder() =>
        Assert.Empty(RoomGraph.OutOfPlace("NanoBanana.Core", "NanoBanana"));
}
