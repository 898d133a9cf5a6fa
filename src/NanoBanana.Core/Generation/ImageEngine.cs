using System.Threading.Channels;

namespace NanoBanana.Generation;

/// <summary>The one way from requests to saved images: money is set aside, the scope is asked before each try, pictures
/// are uploaded, the request is sent,
/// the answer is saved and settled, and what came of it is told. Several orders are in flight at once; one thread adds
/// orders and pulls what became of them.</summary>
/// <remarks>It has no thread of its own: orders are begun while somebody adds or pulls. What is in flight comes to its
/// end all the same.</remarks>
public sealed class ImageEngine : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(10);

    // The longest pause that is believed: longer ones would overflow a clock, and no run lasts that long.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // Shorter pauses need no notice.
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
    private (int Calls, decimal Usd) _untold;

    /// <summary>An engine without orders.</summary>
    /// <param name="service">The service; not disposed with this.</param>
    /// <param name="options">How fast, and for how much.</param>
    /// <param name="cancellationToken">Ends what is in flight at once; it may have been billed all the same.</param>
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

    /// <summary>Orders that have been added and whose end was not pulled yet.</summary>
    public int Count => _waiting.Count + _flights.Count;

    /// <summary>Orders that have been begun and whose end was not pulled yet.</summary>
    public int InFlight => _flights.Count;

    /// <summary>Orders that may have been billed and whose end was not reported, and the USD set aside for them. Safe
    /// to call from any thread.</summary>
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

    /// <summary>Whether something is to be pulled first: an order that has ended, or the end of one before another
    /// could be begun.</summary>
    public bool IsFull =>
        _waiting.Count > 0 || _flights.Count >= _throttle.Limit || _steps.Any(step => step.Outcome is not null);

    /// <summary>Why nothing more is begun: every other request would meet the same; null while nothing stands in the
    /// way.</summary>
    public NbException? Fatal { get; private set; }

    private bool IsEnding =>
        _isStopped || Fatal is not null || _options.Stopping.IsCompleted || _cancellation.IsCancellationRequested;

    /// <summary>Takes an order, and begins it when there is room and money for it.</summary>
    public void Add(Order order)
    {
        _waiting.Add(order);
        BeginWhatMay();
    }

    /// <summary>Waits for the next thing to tell.</summary>
    /// <returns>Null when nothing is in flight and nothing more will be begun.</returns>
    public async Task<EngineStep?> NextAsync()
    {
        while (true)
        {
            if (_steps.Count == 0) Collect();
            while (_pauses.Reader.TryRead(out EngineStep? pause)) _steps.Enqueue(pause);
            // Returned before anything else is begun: the caller may want to stop.
            if (_steps.TryDequeue(out EngineStep? known)) return known;
            TimeSpan? wait = BeginWhatMay();
            if (_flights.Count == 0 && wait is null && _steps.Count == 0) HoldBackTheRest();
            if (_steps.TryDequeue(out EngineStep? step)) return step;
            if (_flights.Count == 0 && wait is null) return null;
            await WaitAsync(wait).ConfigureAwait(false);
        }
    }

    /// <summary>Begins nothing more; what is in flight finishes. For the thread that pulls.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Begins nothing more: the process is about to end. Safe to call from any thread.</summary>
    /// <returns>Ends when what is in flight has ended, and its images are saved.</returns>
    public Task FinishAsync()
    {
        lock (_flights)
        {
            _isStopped = true;
            return Task.WhenAll(_flights.Keys);
        }
    }

    /// <summary>Ends what is in flight, and returns when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_flights.Keys).ConfigureAwait(false);
        _abort.Dispose();
    }

    /// <summary>Begins orders while there is room and money.</summary>
    /// <returns>How long until the next one may be begun; null when something in flight has to end first, or nothing is
    /// left.</returns>
    private TimeSpan? BeginWhatMay()
    {
        while (!IsEnding)
        {
            Order? order = _waiting.Next(_clock.GetUtcNow(), out TimeSpan? wait);
            if (order is null) return wait;
            if (_flights.Count >= _throttle.Limit) return null;
            if (order.AnswerId is not null)
            {
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
            if (_options.Budget.TryReserve(order.EstimatedCost, order.Model) is not { } reservation)
            {
                // What is in flight may turn out cheaper than what was set aside for it.
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
            // On the thread pool: hashing and reading references must not hold up the caller's thread.
            _flights.Add(Task.Run(() => flight.RunAsync(_abort.Token), CancellationToken.None), flight);
        }
    }

    private void Refuse(Order order, NbException error)
    {
        _waiting.Remove(order);
        order.OnHeldBack(error);
        End(order, new Outcome(Settlement.NotCarriedOut) { Error = error });
    }

    // One at a time, in the order in which results are pulled.
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

    // The only place where an order leaves the engine: its result includes the earlier tries.
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

    // When nothing else can be done, the run ends instead of sleeping for an hour. The next run takes up what was
    // refused.
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
        // While something is in flight, a canceled token ends it, and with it this wait.
        if (wait is { } delay) any.Add(Task.Delay(delay, _options.TimeProvider, isOverOrCanceled.Token));
        await Task.WhenAny(any).ConfigureAwait(false);
        await isOver.CancelAsync().ConfigureAwait(false);
    }
}
