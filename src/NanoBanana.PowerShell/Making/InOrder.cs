using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>Results of orders, handed out in the order of the input: a result that comes early waits here.</summary>
/// <param name="asCompleted">Whether nothing waits for its turn.</param>
internal sealed class InOrder(bool asCompleted)
{
    private readonly LinkedList<SingleOrder> _expected = [];
    private readonly Dictionary<SingleOrder, Outcome> _arrived = [];

    /// <summary>How many have come and wait for an earlier one.</summary>
    public int Ahead => _arrived.Count;

    /// <summary>The one that the others wait for; null when none waits.</summary>
    public SingleOrder? Awaited => Ahead > 0 ? _expected.First?.Value : null;

    /// <summary>Gives an order the next turn.</summary>
    public void Expect(SingleOrder order) => _expected.AddLast(order);

    /// <summary>Gives an order the turn of another, which is sent again as this one.</summary>
    public void Replace(SingleOrder order, SingleOrder replacement)
    {
        if (_expected.Find(order) is { } place) place.Value = replacement;
    }

    /// <summary>Takes what came of an order.</summary>
    public void Add(SingleOrder order, Outcome outcome) => _arrived.Add(order, outcome);

    /// <summary>Hands out the next one whose turn it is.</summary>
    /// <param name="isOver">Whether nothing more will come, so that nothing waits.</param>
    /// <param name="order">The order.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>False when the next one has not come.</returns>
    public bool TryTake(bool isOver, out SingleOrder order, out Outcome outcome)
    {
        LinkedListNode<SingleOrder>? next = _expected.First;
        while ((asCompleted || isOver) && next is not null && !_arrived.ContainsKey(next.Value)) next = next.Next;
        if (next is null || !_arrived.Remove(next.Value, out Outcome? came))
        {
            (order, outcome) = (null!, null!);
            return false;
        }
        _expected.Remove(next);
        (order, outcome) = (next.Value, came);
        return true;
    }
}
