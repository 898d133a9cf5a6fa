using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Tests.Batches;

public sealed class TrySeriesTests
{
    [Fact]
    public void Tries_can_be_enumerated_while_others_are_added()
    {
        var series = new TrySeries();
        series.Add(Sent(1));
        series.Add(Sent(2));
        var seen = new List<int>();
        foreach (TryRecord one in series.Tries)
        {
            seen.Add(one.Number);
            series.Add(Sent(one.Number + 2));
        }
        Assert.Equal([1, 2], seen);
        Assert.Equal([1, 2, 3, 4], series.Tries.Select(one => one.Number));

        // The first of another series takes the place of all.
        foreach (TryRecord _ in series.Tries) series.Add(Sent(1));
        Assert.Equal([1], series.Tries.Select(one => one.Number));
    }

    private static LedgerEvent Sent(int number) =>
        new() { Kind = LedgerEventKind.Submitted, Item = "fox", ItemKey = "key", Try = number };
}
