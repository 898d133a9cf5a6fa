using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>Returns results of orders in the order of the input: an early result waits here.</summary>
/// <param name="asCompleted">Whether results are returned at once.</param>
internal sealed class InOrder(bool asCompleted)
{
    private readonly LinkedList<SingleOrder> _expected = [];
    private readonly Dictionary<SingleOrder, Outcome> _arrived = [];

    /// <summary>Number of results that wait for an earlier one.</summary>
    public int Ahead => _arrived.Count;

    /// <summary>The order that the others wait for; null when none waits.</summary>
    public SingleOrder? Awaited => Ahead > 0 ? _expected.First?.Value : null;

    /// <summary>Gives an order the next turn.</summary>
    public void Expect(SingleOrder order) => _expected.AddLast(order);

    /// <summary>Gives an order the turn of another, which is sent again as this one.</summary>
    public void Replace(SingleOrder order, SingleOrder replacement)
    {
        if (_expected.Find(order) is { } place) place.Value = replacement;
    }

    /// <summary>Adds the outcome of an order.</summary>
    public void Add(SingleOrder order, Outcome outcome) => _arrived.Add(order, outcome);

    /// <summary>Returns the next result whose turn it is.</summary>
    /// <param name="isOver">Whether nothing more will come, so that nothing waits.</param>
    /// <param name="order">The order.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <returns>False when the next one has not arrived.</returns>
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
