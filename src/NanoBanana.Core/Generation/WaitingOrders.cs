namespace NanoBanana.Generation;

/// <summary>Orders that have not been begun, in the order they came, except that those of a model wait while the
/// service wants a pause from it.</summary>
/// <param name="longest">The longest pause that is waited for when nothing else can be done.</param>
internal sealed class WaitingOrders(TimeSpan longest)
{
    // How many long pauses in a row are taken to mean the whole model.
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

    /// <summary>The order that is next; null when there is none, or none that may be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long until one may be sent, if that is not too long to wait for; null otherwise.</param>
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

    /// <summary>The service said too many requests to an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="until">Until when nothing is sent: of the whole model for a short pause, of this order for a long
    /// one, unless that is said again.</param>
    /// <param name="pause">How long that is.</param>
    /// <param name="refusal">What is told of orders that wait for longer than the run does.</param>
    public void OnRefused(Order order, DateTimeOffset until, TimeSpan pause, NbException refusal)
    {
        Lane lane = LaneOf(order);
        lane.Refusal = refusal;
        order.NotBefore = until;
        if (pause <= longest || ++lane.LongPauses >= MostLongPauses) lane.NotBefore = until;
    }

    /// <summary>Puts an order back at the head of its model's.</summary>
    public void PutBack(Order order)
    {
        LaneOf(order).Orders.AddFirst(order);
        Count++;
    }

    /// <summary>The service answered an order: what it said of long pauses was not about all.</summary>
    public void OnAnswered(Order order) => LaneOf(order).LongPauses = 0;

    /// <summary>Takes everything out, with the refusal that each waits for; none where there was no refusal.</summary>
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

        /// <summary>The first order that may be sent, else the one that may be sent soonest, and when.</summary>
        public Order? Next(DateTimeOffset now, out DateTimeOffset at)
        {
            Order? soonest = null;
            at = DateTimeOffset.MaxValue;
            foreach (Order order in Orders)
            {
                DateTimeOffset own = order.NotBefore > NotBefore ? order.NotBefore : NotBefore;
                if (own < at) (soonest, at) = (order, own);
                // Those that were put back stand at the head; all after them wait for the lane alone.
                if (own <= now || order.Rounds == 0) break;
            }
            return soonest;
        }
    }
}
