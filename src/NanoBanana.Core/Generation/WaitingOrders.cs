namespace NanoBanana.Generation;

/// <summary>Orders that have not begun, in order of arrival, except that a model's orders wait while the service wants
/// a pause for that model.</summary>
/// <param name="longest">The longest pause that is waited for when nothing else can be done.</param>
internal sealed class WaitingOrders(TimeSpan longest)
{
    // This many long pauses in a row apply to the whole model.
    private const int MostLongPauses = 2;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private long _last;

    public int Count { get; private set; }

    public void Add(Order order)
    {
        order.Number = ++_last;
        LaneOf(order).Orders.AddLast(order);
        Count++;
    }

    /// <summary>The next order; null when there is none that may be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long until one may be sent; null when that is longer than the run waits.</param>
    public Order? Next(DateTimeOffset now, out TimeSpan? wait)
    {
        Order? next = null;
        wait = null;
        foreach (Lane lane in _lanes.Values)
        {
            if (lane.Next(now, out DateTimeOffset at) is not { } order) continue;
            if (at <= now)
            {
                if (next is null || order.Number < next.Number) next = order;
            }
            else if (at - now <= longest && (wait is null || at - now < wait))
            {
                wait = at - now;
            }
        }
        return next;
    }

    public void Remove(Order order)
    {
        LaneOf(order).Orders.Remove(order);
        Count--;
    }

    /// <summary>Records that the service refused an order as one too many.</summary>
    /// <param name="order">The order.</param>
    /// <param name="until">When the pause ends. A short pause applies to the whole model, a long one to this order,
    /// unless it is repeated.</param>
    /// <param name="pause">The length of the pause.</param>
    /// <param name="refusal">The error for orders whose pause is longer than the run waits.</param>
    public void OnRefused(Order order, DateTimeOffset until, TimeSpan pause, NbException refusal)
    {
        Lane lane = LaneOf(order);
        lane.Refusal = refusal;
        order.NotBefore = until;
        if (pause <= longest || ++lane.LongPauses >= MostLongPauses) lane.NotBefore = until;
    }

    /// <summary>Returns an order to the head of its model's queue.</summary>
    public void PutBack(Order order)
    {
        LaneOf(order).Orders.AddFirst(order);
        Count++;
    }

    /// <summary>Records that the service answered an order, so that a long pause does not apply to the whole
    /// model.</summary>
    public void OnAnswered(Order order) => LaneOf(order).LongPauses = 0;

    /// <summary>Removes all orders, each with the refusal it waits for, if any.</summary>
    public IEnumerable<(Order Order, NbException? Refusal)> TakeAll()
    {
        (Order, NbException?)[] all =
            [.. _lanes.Values.SelectMany(lane => lane.Orders, (lane, order) => (order, lane.Refusal))
            .OrderBy(pair => pair.order.Number)];
        foreach (Lane lane in _lanes.Values) lane.Orders.Clear();
        Count = 0;
        return all;
    }

    private Lane LaneOf(Order order)
    {
        if (!_lanes.TryGetValue(order.Model.Id, out Lane? lane)) _lanes.Add(order.Model.Id, lane = new Lane());
        return lane;
    }

    private sealed class Lane
    {
        public LinkedList<Order> Orders { get; } = new();

        public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

        public int LongPauses { get; set; }

        public NbException? Refusal { get; set; }

        /// <summary>The first order that may be sent now, otherwise the one that may be sent soonest, and
        /// when.</summary>
        public Order? Next(DateTimeOffset now, out DateTimeOffset at)
        {
            Order? soonest = null;
            at = DateTimeOffset.MaxValue;
            foreach (Order order in Orders)
            {
                DateTimeOffset own = order.NotBefore > NotBefore ? order.NotBefore : NotBefore;
                if (own < at) (soonest, at) = (order, own);
                // Returned orders are at the head; all orders after them wait only for the pause of the model.
                if (own <= now || order.Rounds == 0) break;
            }
            return soonest;
        }
    }
}
