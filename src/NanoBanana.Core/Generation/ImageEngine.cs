using System.Threading.Channels;

namespace NanoBanana.Generation;

/// <summary>Turns requests into saved images: it sets money aside, asks the scope before each try, uploads pictures,
/// sends the request, saves and settles the answer, and publishes the outcome. Several orders are in flight at once;
/// one thread adds orders and pulls their outcomes.</summary>
/// <remarks>It has no thread of its own: orders begin while the caller adds or pulls. Orders in flight finish in any
/// case.</remarks>
public sealed class ImageEngine : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(10);

    // Longer pauses are cut to this: they would overflow a clock, and no run lasts that long.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // Shorter pauses are not reported.
    private static readonly TimeSpan ShortestReported = TimeSpan.FromSeconds(30);

    private readonly ImageService _service;
    private readonly EngineOptions _options;
    private readonly SteadyTime _clock;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _abort;
    private readonly AdaptiveThrottle _throttle;
    private readonly MinuteWindow _requests;
    private readonly MinuteWindow _spend;
    private readonly WaitingOrders _waiting;
    private readonly Dictionary<Task<Outcome>, Flight> _flights = [];
    private readonly Queue<EngineStep> _steps = new();
    private readonly Channel<EngineStep> _pauses =
        Channel.CreateUnbounded<EngineStep>(new UnboundedChannelOptions { SingleReader = true });
    private volatile bool _isStopped;

    // Of the shared places: taken for the next order, or waited for; null when none was asked for.
    private Task? _place;
    private (int Calls, decimal Usd) _untold;

    /// <summary>An engine without orders.</summary>
    /// <param name="service">The service; not disposed with this.</param>
    /// <param name="options">Its speed and budget.</param>
    /// <param name="cancellationToken">Cancels orders in flight at once; they may be billed all the same.</param>
    public ImageEngine(ImageService service, EngineOptions options, CancellationToken cancellationToken)
    {
        _service = service;
        _options = options;
        _cancellation = cancellationToken;
        _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _clock = new SteadyTime(options.TimeProvider);
        _throttle = new AdaptiveThrottle(Math.Max(1, options.ThrottleLimit), _clock);
        _requests = new MinuteWindow(options.RequestsPerMinute, _clock);
        _spend = new MinuteWindow(options.MaxCostPerMinute, _clock);
        _waiting = new WaitingOrders(options.LongestPause);
    }

    /// <summary>Number of orders added whose outcome was not pulled yet.</summary>
    public int Count => _waiting.Count + _flights.Count;

    /// <summary>Number of orders begun whose outcome was not pulled yet.</summary>
    public int InFlight => _flights.Count;

    /// <summary>Orders that may have been billed and whose outcome was not reported, and the USD set aside for them.
    /// Thread-safe.</summary>
    public (int Calls, decimal Usd) Untold
    {
        get
        {
            lock (_flights)
            {
                Flight[] flights = [.. _flights.Values.Where(flight => flight.MayBeBilled)];
                return (_untold.Calls + flights.Length, _untold.Usd + flights.Sum(flight => flight.Reserved));
            }
        }
    }

    /// <summary>Whether the caller should pull first: an order has ended, or one must end before another can
    /// begin.</summary>
    public bool IsFull =>
        _waiting.Count > 0 || _flights.Count >= _throttle.Limit || _steps.Any(step => step.Outcome is not null);

    /// <summary>The error that stops the engine, because every other request would fail in the same way; null when
    /// there is none.</summary>
    public NbException? Fatal { get; private set; }

    private bool IsEnding =>
        _isStopped || Fatal is not null || _options.Stopping.IsCompleted || _cancellation.IsCancellationRequested;

    private bool IsAwaitingPlace => !IsEnding && _place is { IsCompleted: false };

    /// <summary>Adds an order, which begins when there is room and money for it.</summary>
    public void Add(Order order)
    {
        _waiting.Add(order);
        BeginWhatMay();
    }

    /// <summary>Waits for the next step.</summary>
    /// <returns>Null when nothing is in flight and nothing more will begin.</returns>
    public async Task<EngineStep?> NextAsync()
    {
        while (true)
        {
            if (_steps.Count == 0) Collect();
            while (_pauses.Reader.TryRead(out EngineStep? pause)) _steps.Enqueue(pause);
            // Returned before another order begins, because the caller may want to stop.
            if (_steps.TryDequeue(out EngineStep? known)) return known;
            TimeSpan? wait = BeginWhatMay();
            bool isIdle = _flights.Count == 0 && wait is null && !IsAwaitingPlace;
            if (isIdle && _steps.Count == 0) HoldBackTheRest();
            if (_steps.TryDequeue(out EngineStep? step)) return step;
            if (isIdle) return null;
            await WaitAsync(wait).ConfigureAwait(false);
        }
    }

    /// <summary>Begins no more orders; those in flight finish. For the thread that pulls.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Begins no more orders, because the process is about to end. Thread-safe.</summary>
    /// <returns>A task that ends when the orders in flight have ended and their images are saved.</returns>
    public Task FinishAsync()
    {
        lock (_flights)
        {
            _isStopped = true;
            return Task.WhenAll(_flights.Keys);
        }
    }

    /// <summary>Cancels orders in flight, and returns when they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_flights.Keys).ConfigureAwait(false);
        // Canceled by now, or taken.
        if (_place is { } place) await place.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        LeavePlace();
        _abort.Dispose();
    }

    /// <summary>Begins orders while there is room and money.</summary>
    /// <returns>How long until the next order may begin; null when an order in flight has to end first, or none is
    /// left.</returns>
    private TimeSpan? BeginWhatMay()
    {
        TimeSpan? wait = BeginThoseThatMay();
        // What it was asked for has to wait for something else meanwhile.
        LeavePlace();
        return wait;
    }

    private TimeSpan? BeginThoseThatMay()
    {
        while (!IsEnding)
        {
            Order? order = _waiting.Next(_clock.GetUtcNow(), out TimeSpan? wait);
            if (order is null) return wait;
            if (_flights.Count >= _throttle.Limit) return null;
            if (order.AnswerId is not null)
            {
                if (!HasPlace()) return null;
                Begin(order, _options.Budget.ReserveNothing());
                continue;
            }
            decimal usual = _options.Budget.UsualCost(order.EstimatedCost, order.Model);
            TimeSpan pause = new[] { _requests.WaitFor(1), _spend.WaitFor(usual) }.Max();
            if (pause > TimeSpan.Zero) return pause;
            if (_options.Budget.Limit is not null && order.EstimatedCost is null)
            {
                Refuse(order, GenerationErrors.UnknownPrice(order.Name, order.Model.Id));
                return null;
            }
            if (!HasPlace()) return null;
            if (_options.Budget.TryReserve(order.EstimatedCost, order.Model) is not { } reservation)
            {
                // Orders in flight may turn out cheaper than the money set aside for them.
                if (_flights.Count == 0) Refuse(order, GenerationErrors.OverBudget(order, _options.Budget));
                return null;
            }
            _requests.Add(1);
            _spend.Add(usual);
            Begin(order, reservation);
        }
        return null;
    }

    private void Begin(Order order, Reservation reservation)
    {
        var flight = new Flight(order, reservation, _service, _options, _throttle, PublishPause);
        lock (_flights)
        {
            if (_isStopped) return;
            _waiting.Remove(order);
            order.OnBegun();
            _steps.Enqueue(new EngineStep(order));
            // Runs on the thread pool, because hashing and reading references must not block the caller's thread.
            _flights.Add(Task.Run(() => RunAsync(flight), CancellationToken.None), flight);
            _place = null;
        }
    }

    private async Task<Outcome> RunAsync(Flight flight)
    {
        try
        {
            return await flight.RunAsync(_abort.Token).ConfigureAwait(false);
        }
        finally
        {
            _options.Places?.Release();
        }
    }

    // Asked for when everything else is there, so that a place stands empty for nobody.
    private bool HasPlace()
    {
        if (_options.Places is not { } places) return true;
        _place ??= places.WaitAsync(_abort.Token);
        return _place.IsCompletedSuccessfully;
    }

    private void LeavePlace()
    {
        if (_place is not { IsCompleted: true } place) return;
        if (place.IsCompletedSuccessfully) _options.Places!.Release();
        _place = null;
    }

    private void Refuse(Order order, NbException error)
    {
        _waiting.Remove(order);
        order.OnHeldBack(error);
        End(order, new Outcome(Settlement.NotCarriedOut) { Error = error });
    }

    // Outcomes are handled one at a time, in the order in which they are pulled.
    private void Collect()
    {
        foreach ((Task<Outcome> task, Flight flight) in _flights.Where(pair => pair.Key.IsCompleted).Take(1).ToArray())
        {
            Outcome outcome = task.Result;
            lock (_flights)
            {
                _flights.Remove(task);
                if (_cancellation.IsCancellationRequested && flight.MayBeBilled)
                {
                    _untold = (_untold.Calls + 1, _untold.Usd + flight.Reserved);
                }
            }
            flight.Settle(outcome);
            if (outcome.Settlement == Settlement.Answered)
            {
                _throttle.OnAnswered();
                _waiting.OnAnswered(flight.Order);
            }
            if (outcome.Error is { IsAccountWide: true } fatal) Fatal ??= fatal;
            if (outcome.Error is { IsRateLimit: true } limited) OnRefused(flight.Order, limited, outcome);
            else if (!IsEnding && Tries.WantsAnother(flight.Order, outcome))
            {
                if (flight.Order.IsTriedElsewhere)
                {
                    flight.Order.OnPostponed();
                    _steps.Enqueue(new EngineStep(flight.Order, outcome));
                    continue;
                }
                flight.Order.Tries.Add(outcome);
                _waiting.PutBack(flight.Order);
            }
            else End(flight.Order, outcome);
        }
    }

    // The only place where an order leaves the engine, so the outcome includes its earlier tries.
    private void End(Order order, Outcome last) => _steps.Enqueue(new EngineStep(order, Tries.Ended(order, last)));

    private void OnRefused(Order order, NbException refusal, Outcome outcome)
    {
        bool isPutBack = ++order.Rounds <= _options.MostRounds;
        if (isPutBack || refusal.RetryAfter is not null)
        {
            TimeSpan pause = refusal.RetryAfter is { } asked ? (asked < Longest ? asked : Longest) : DefaultPause;
            DateTimeOffset until = _clock.GetUtcNow() + pause;
            _waiting.OnRefused(order, until, pause,
                GenerationErrors.PauseTooLong(order.Model.Id, refusal, pause, until));
        }
        if (!isPutBack)
        {
            order.OnFailed(refusal, cost: null);
            End(order, outcome);
            return;
        }
        _waiting.PutBack(order);
        PublishPause(order, refusal);
    }

    private void PublishPause(Order order, NbException why)
    {
        if (why.RetryAfter >= ShortestReported) _pauses.Writer.TryWrite(new EngineStep(order, Pause: why));
    }

    // With nothing else to do, the run ends instead of sleeping for an hour. The next run continues with the refused
    // orders.
    private void HoldBackTheRest()
    {
        if (IsEnding) return;
        foreach ((Order order, NbException? refusal) in _waiting.TakeAll())
        {
            order.OnHeldBack(refusal);
            End(order, new Outcome(Settlement.NotCarriedOut) { Error = refusal });
        }
    }

    private async Task WaitAsync(TimeSpan? wait)
    {
        using var isOver = new CancellationTokenSource();
        using var isOverOrCanceled = CancellationTokenSource.CreateLinkedTokenSource(isOver.Token, _cancellation);
        List<Task> any = [.. _flights.Keys, _pauses.Reader.WaitToReadAsync(isOver.Token).AsTask()];
        if (!_options.Stopping.IsCompleted) any.Add(_options.Stopping);
        if (IsAwaitingPlace) any.Add(_place!);
        // While orders are in flight, a canceled token ends them, and this wait with them.
        if (wait is { } delay) any.Add(Task.Delay(delay, _options.TimeProvider, isOverOrCanceled.Token));
        await Task.WhenAny(any).ConfigureAwait(false);
        await isOver.CancelAsync().ConfigureAwait(false);
    }
}
