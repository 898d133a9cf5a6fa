using NanoBanana.Tests.Shared;

namespace NanoBanana.Emulator.Tests;

/// <summary>The rooms of the emulator, as the compiled assembly has them.</summary>
public class RoomTests
{
    private const string Root = "NanoBanana.Emulator";

    // A room uses only rooms before it; the empty name is the root.
    private static readonly string[] Order =
    [
        "Drawing", "Wire", "Catalog", "Faults", "Settings", "Files", "Judging", "Generation", "Rules", "Interactions",
            "Journal",
        "Http", "Batches", "Endpoints", "",
    ];

    private static readonly RoomGraph Graph = RoomGraph.Read(typeof(EmulatorService).Assembly, Root);

    [Fact]
    public void A_room_uses_only_rooms_before_it() => Assert.Empty(Graph.Against(Order));

    [Fact]
    public void A_namespace_is_the_folder_of_its_file() =>
        Assert.Empty(RoomGraph.OutOfPlace(Root));

    [Fact]
    public void A_use_inside_a_method_counts()
    {
        // Spool names Sha256Hex in the body of a property, and in no field, base or signature.
        Assert.Contains("Spool", Graph.Edges[("Files", "Drawing")]);
        Assert.Contains(Graph.Against([.. Order.Reverse()]), line =>
            line.StartsWith("Files -> Drawing", StringComparison.Ordinal));
    }
}
