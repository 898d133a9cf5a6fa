using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Tests.Batches;

/// <summary>The line that says a request was sent, damaged in every way: the item is uncertain, and not sent
/// again.</summary>
public sealed class DamagedLineTests
{
    [Theory]
    [InlineData("byte")]
    [InlineData("zeros")]
    [InlineData("middle")]
    [InlineData("halves")]
    [InlineData("name")]
    [InlineData("event")]
    [InlineData("joined")]
    [InlineData("end")]
    public async Task A_damaged_submission_line_makes_its_item_uncertain(string damage)
    {
        using var fixture = new EmulatorFixture();
        string json = EmulatorFixture.Many(2), path = Path.Combine(fixture.Destination, "ledger.jsonl");
        await fixture.RunAsync(json, new BatchOptions { ThrottleLimit = 1 });
        // As a power cut leaves it that came after item-2 was sent and before its answer was on disk.
        List<string> lines = [.. File.ReadAllLines(path)
            .Where(line => !Is(line, "received", 2) && !Is(line, "saved", 2))];
        File.Delete(Path.Combine(fixture.Destination, "item-2.jpg"));
        File.Delete(Path.Combine(fixture.Destination, "item-2.jpg.nb.json"));
        int at = lines.FindIndex(line => Is(line, "submitted", 2));
        string sent = lines[at];
        lines[at] = damage switch
        {
            "byte" => sent.Replace("fingerprint", "fingerprinu", StringComparison.Ordinal),
            "zeros" => new string('\0', sent.Length),
            "middle" => sent[..30] + sent[^60..],
            "halves" => sent[..(sent.Length / 2)] + "\n" + sent[(sent.Length / 2)..],
            "name" => sent.Replace("item-2", "itex-2", StringComparison.Ordinal),
            "event" => sent.Replace("submitted", "submXtted", StringComparison.Ordinal),
            "joined" => lines[at - 1] + sent,
            _ => sent[..^3] + "0\"}",
        };
        string text = string.Join('\n', lines);
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(damage == "end" ? text : text + "\n"));
        int billed = fixture.Billed;
        using Batch batch = fixture.Open(json);
        await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal(billed, fixture.Billed);
        Assert.Equal((BatchItemState.UpToDate, BatchItemState.Uncertain), (batch.Items[0].State, batch.Items[1].State));
    }

    private static bool Is(string line, string kind, int item) =>
        line.Contains($"\"event\":\"{kind}\",\"item\":\"item-{item}\"", StringComparison.Ordinal);
}
