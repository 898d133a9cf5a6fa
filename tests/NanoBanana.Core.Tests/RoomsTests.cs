namespace NanoBanana.Tests;

/// <summary>The order of the rooms, over the compiled assembly: what counts is which types use which, not which usings stand above.</summary>
public sealed class RoomsTests
{
    // Each room may use those before it. docs/architecture.md says why they stand in this order.
    private static readonly string[] Order =
    [
        "Errors", "Storage", "Models", "Pictures", "Conversations",
        "Gemini.Json", "Gemini.Http", "Gemini",
        "Images", "Requests", "Generation",
        "Batches.Manifests", "Batches.Ledgers", "Batches.Plans", "Batches.Runs", "Batches",
        "Reports",
        "Prompts", "Extensions", "Extensions.GoogleAuth", "Extensions.Imaging", "Terminals",
    ];

    [Fact]
    public void A_room_uses_only_rooms_above_it()
    {
        string[] wrong =
        [
            .. TypeUses.Read(typeof(NbException).Assembly.Location)
                .Where(use => Place(use.Used) > Place(use.User))
                .Select(use => $"{use.User} uses {use.Used}")
                .Distinct(),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Uses_are_found_in_signatures_and_in_bodies()
    {
        HashSet<(string, string)> uses = [.. TypeUses.Read(typeof(RoomsTests).Assembly.Location).Select(use => (use.User, use.Used))];
        Assert.Contains(("NanoBanana.Tests.TypeUses", "NanoBanana.Tests.TypeUse"), uses);
        Assert.Contains(("NanoBanana.Tests.RoomsTests", "NanoBanana.Tests.TypeUses"), uses);
        Assert.DoesNotContain(("NanoBanana.Tests.TypeUses", "NanoBanana.Tests.RoomsTests"), uses);
    }

    [Fact]
    public void Every_room_of_the_order_exists()
    {
        HashSet<string> rooms = [.. typeof(NbException).Assembly.GetTypes().Select(type => Room(type.FullName!))];
        Assert.Empty(Order.Except(rooms));
    }

    private static int Place(string type)
    {
        int place = Array.IndexOf(Order, Room(type));
        Assert.True(place >= 0, $"{type} is in no room of the order.");
        return place;
    }

    private static string Room(string type)
    {
        int end = type.LastIndexOf('.');
        return end > "NanoBanana.".Length ? type["NanoBanana.".Length..end] : "";
    }
}
