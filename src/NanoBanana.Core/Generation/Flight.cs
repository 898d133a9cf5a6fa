using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>An order in flight: the scope of its call, and its outcome. Images and records are saved here, even when
/// the caller has stopped pulling results.</summary>
internal sealed class Flight(
    Order order, Reservation reserved, ImageService service, EngineOptions options, AdaptiveThrottle throttle,
        Action<Order, NbException> tellPause) : ICallScope
{
    private readonly List<Reservation> _lost = [];
    private Reservation _reserved = reserved;
    private PreparedRequest? _request;
    private DateTimeOffset _begun;
    private DateTimeOffset _paced;

    // USD that the model's answer cost, without judging; null while there is no answer.
    private decimal? _answerCost;

    // The request was sent, and no answer has said that it was not carried out.
    private volatile bool _isInFlight;
    private volatile bool _isTryUncertain;
    private volatile bool _hasLost;
    private volatile bool _isAnswered;

    public Order Order => order;

    /// <summary>USD set aside for its latest try.</summary>
    public decimal Reserved => _reserved.Amount;

    /// <summary>Whether it may have been billed by now.</summary>
    public bool MayBeBilled => _isInFlight || _isTryUncertain || _hasLost || _isAnswered;

    /// <summary>Ends the order. Never throws: errors are in the outcome.</summary>
    public async Task<Outcome> RunAsync(CancellationToken cancellationToken)
    {
        decimal? cost = null;
        try
        {
            PreparedRequest prepared = order.Prepare();
            bool isFinishing = order.IsFinishing;
            ImmutableArray<Outcome> earlier = order.Recall();
            if (isFinishing) return await FinishAsync(earlier, cancellationToken).ConfigureAwait(false);
            order.Tries.AddRange(earlier);
            _request = Tries.Repeated(service, prepared, order.Tries);
            order.OnPrepared(_request);
            cancellationToken.ThrowIfCancellationRequested();
            BlobSink sink = order.OpenSink();
            (PreparedRequest sent, Answer answer) = order.AnswerId is { } id
                ? (_request, await service.RecoverAsync(id, sink, cancellationToken).ConfigureAwait(false))
                : await service.AnswerAsync(_request, sink, this, cancellationToken).ConfigureAwait(false);
            _isAnswered = true;
            ImmutableArray<NbImage> images;
            try
            {
                images = options.Pictures.Marked(
                    ImageReader.Read(sent, answer, options.TimeProvider.GetUtcNow(), sink.AnswersFolder));
            }
            catch (NbException e)
            {
                _answerCost = e.Cost;
                return Failed(e, e.Cost);
            }
            _answerCost = cost = images.Sum(image => image.Cost);
            (ImmutableArray<NbImage> kept, ImmutableArray<NbException> unsaved) = order.Keep(images, cost);
            var made = new Outcome(Settlement.Answered) { Images = kept, Unsaved = unsaved, Cost = cost };
            return await FinishAsync(made with { IsUncomposed = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (MayBeBilled) return Lost(null);
            order.OnHeldBack(null);
            return new Outcome(Settlement.NotCarriedOut);
        }
        catch (NbException e) when (e.IsUncertain)
        {
            return Lost(e);
        }
        // The engine decides whether the order ends with this error or returns to the queue.
        catch (NbException e) when (e.IsRateLimit)
        {
            return new Outcome(Settlement.NotCarriedOut) { Error = e };
        }
        catch (NbException e)
        {
            return Failed(e, cost);
        }
        catch (Exception e)
        {
            // A bug in this library must neither lose images of other orders nor hide that this call may be billed.
            NbException error = NbErrors.Unexpected(e);
            return _isInFlight ? Lost(error) : Failed(error, cost);
        }
    }

    /// <summary>Replaces the amount set aside by the cost: the only place where a call's money is settled.</summary>
    public void Settle(Outcome outcome)
    {
        foreach (Reservation lost in _lost) lost.Settle(null);
        _reserved.Settle(outcome.Settlement switch
        {
            Settlement.NotCarriedOut => 0,
            Settlement.Answered => outcome.Cost,
            _ => null,
        });
        // The cost of judging is left out: it does not show how long the model thinks.
        if (outcome.Settlement == Settlement.Answered && _answerCost is { } cost
            && _request?.EstimatedCost is { } estimate)
        {
            options.Budget.Learn(order.Model, cost - estimate);
        }
    }

    void ICallScope.OnSending(int attempt)
    {
        if (_isTryUncertain)
        {
            // The previous try may have been billed, and this one may be billed too.
            _reserved.Settle(null);
            _lost.Add(_reserved);
            _hasLost = true;
            _isTryUncertain = false;
            _reserved = options.Budget.TryReserve(order.EstimatedCost, order.Model)
                ?? throw GenerationErrors.OverBudget(order, options.Budget);
        }
        order.OnSending(_request!);
        _begun = options.TimeProvider.GetUtcNow();
        _paced = throttle.Now;
        _isInFlight = true;
    }

    void ICallScope.OnIdentified(string answerId) => order.OnIdentified(answerId);

    void ICallScope.OnFailed(NbException error, bool isTriedAgain)
    {
        if (error.HttpStatus == 429) throttle.OnLimited(_paced);
        _isTryUncertain = error.IsUncertain;
        _isInFlight = false;
        if (isTriedAgain || error.IsRateLimit) order.OnTriedAgain(error);
        if (isTriedAgain) tellPause(order, error);
    }

    void ICallScope.OnAnswered()
    {
        _isAnswered = true;
        _isInFlight = false;
    }

    // A picture that cannot be composed is kept as the model made it, because it is paid for.
    private Outcome Composed(Outcome made, EditProtection protection, CancellationToken cancellationToken)
    {
        var images = made.Images.ToBuilder();
        var unsaved = made.Unsaved.ToBuilder();
        for (int at = 0; at < images.Count; at++)
        {
            try
            {
                images[at] = order.OnComposing(images[at]);
                NbImage composed = order.KeepComposed(images[at], protection.Apply(images[at], cancellationToken));
                // In memory, the composed picture replaces the model's and carries its cost. On disk both are saved,
                // and only the model's picture carries the cost.
                images[at] = composed with { Provenance = images[at].Provenance };
            }
            catch (NbException e)
            {
                unsaved.Add(e);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        return made with { Images = images.ToImmutable(), Unsaved = unsaved.ToImmutable() };
    }

    // A picture that could not be composed is not the final one, so it is not checked.
    private async Task<Outcome> FinishAsync(Outcome made, CancellationToken cancellationToken)
    {
        if (made.IsUncomposed && order.Rule?.Protection is { } protection)
        {
            int unsaved = made.Unsaved.Length;
            made = Composed(made, protection, cancellationToken);
            if (made.Unsaved.Length > unsaved) return made;
        }
        return order.Rule?.Checker is { } checker
            ? await new TryCheck(order, checker).RunAsync(made, cancellationToken).ConfigureAwait(false) : made;
    }

    // Pictures of an earlier run are judged first, which is cheaper than making new ones, until one is accepted.
    private async Task<Outcome> FinishAsync(ImmutableArray<Outcome> earlier, CancellationToken cancellationToken)
    {
        var done = new List<Outcome>();
        Outcome? accepted = null;
        decimal? cost = 0;
        try
        {
            foreach ((Outcome one, int number) in earlier.Select((one, index) => (one, index + 1)))
            {
                order.Finishing = number;
                cancellationToken.ThrowIfCancellationRequested();
                if (one.Images.IsEmpty || accepted is not null)
                {
                    // It was checked by another rule, so it does not count when this rule accepts a picture.
                    done.Add(one with { Images = [.. one.Images.Select(image => image with { Verdict = null })] });
                    continue;
                }
                Outcome finished = await FinishAsync(one, cancellationToken).ConfigureAwait(false);
                cost += finished.Cost;
                bool isAccepted = finished.Images.Any(image => image.Verdict is { IsAccepted: true });
                if (isAccepted) accepted = finished;
                else done.Add(finished with { Cost = 0 });
            }
        }
        finally
        {
            order.Finishing = null;
        }
        Outcome last = accepted ?? done.FindLast(one => !one.Images.IsEmpty)
            ?? throw new InvalidOperationException("There is nothing to finish.");
        order.Tries.AddRange(done.Where(one => !ReferenceEquals(one, last)));
        return last with { Cost = cost };
    }

    private Outcome Failed(NbException error, decimal? cost)
    {
        order.OnFailed(error, cost);
        return new Outcome(_isAnswered
            || cost is not null ? Settlement.Answered : Settlement.NotCarriedOut) { Error = error, Cost = cost };
    }

    private Outcome Lost(NbException? error)
    {
        order.OnLost(error, _begun);
        return new Outcome(Settlement.Uncertain) { Error = error };
    }
}
