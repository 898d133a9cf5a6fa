using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>An order in flight: the scope of its call, and what became of it. Everything that must not be lost is done
/// here, whether or not somebody still pulls.</summary>
internal sealed class Flight(
    Order order, Reservation reserved, ImageService service, EngineOptions options, AdaptiveThrottle throttle,
        Action<Order, NbException> tellPause) : ICallScope
{
    private readonly List<Reservation> _lost = [];
    private Reservation _reserved = reserved;
    private PreparedRequest? _request;
    private DateTimeOffset _begun;
    private DateTimeOffset _paced;

    // Sent, and no answer yet that says it was not carried out.
    private volatile bool _isInFlight;
    private volatile bool _isTryUncertain;
    private volatile bool _hasLost;
    private volatile bool _isAnswered;

    public Order Order => order;

    /// <summary>USD set aside for its newest try.</summary>
    public decimal Reserved => _reserved.Amount;

    /// <summary>Whether it may have been billed by now.</summary>
    public bool MayBeBilled => _isInFlight || _isTryUncertain || _hasLost || _isAnswered;

    /// <summary>Ends the order. Never throws: what went wrong is in the outcome.</summary>
    public async Task<Outcome> RunAsync(CancellationToken cancellationToken)
    {
        decimal? cost = null;
        try
        {
            _request = Repeated(order.Prepare());
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
                return Failed(e, e.Cost);
            }
            cost = images.Sum(image => image.Cost);
            (ImmutableArray<NbImage> kept, ImmutableArray<NbException> unsaved) = order.Keep(images, cost);
            var made = new Outcome(Settlement.Answered) { Images = kept, Unsaved = unsaved, Cost = cost };
            if (order.Rule?.Protection is { } protection) made = Composed(made, protection, cancellationToken);
            return order.Rule?.Checker is { } checker
                ? await new TryCheck(order, checker).RunAsync(made, cancellationToken).ConfigureAwait(false) : made;
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
        // The engine decides whether it ends so, or is put back.
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
            // A mistake of this library must not lose the others' images, nor hide that this one may have been paid
            // for.
            NbException error = NbErrors.Unexpected(e);
            return _isInFlight ? Lost(error) : Failed(error, cost);
        }
    }

    /// <summary>Replaces what was set aside by what it cost: the only place where a call's money is settled.</summary>
    public void Settle(Outcome outcome)
    {
        foreach (Reservation lost in _lost) lost.Settle(null);
        _reserved.Settle(outcome.Settlement switch
        {
            Settlement.NotCarriedOut => 0,
            Settlement.Answered => outcome.Cost,
            _ => null,
        });
        if (outcome is { Settlement: Settlement.Answered, Cost: { } cost } && _request?.EstimatedCost is { } estimate)
        {
            options.Budget.Learn(order.Model, cost - estimate);
        }
    }

    void ICallScope.OnSending(int attempt)
    {
        if (_isTryUncertain)
        {
            // The try before may have been billed, and this one may be as well.
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

    // What cannot be composed stays as the model made it: it is paid for.
    private Outcome Composed(Outcome made, EditProtection protection, CancellationToken cancellationToken)
    {
        var images = made.Images.ToBuilder();
        var unsaved = made.Unsaved.ToBuilder();
        for (int at = 0; at < images.Count; at++)
        {
            try
            {
                NbImage composed = order.KeepComposed(images[at], protection.Apply(images[at], cancellationToken));
                // It cost what the model's own did: in memory, where it stands for it, not on disk, where both lie.
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

    // A new try is told what was wrong with the ones before.
    private PreparedRequest Repeated(PreparedRequest request)
    {
        string[] reasons = [.. order.Tries.SelectMany(one => one.Images)
            .SelectMany(image => image.Verdict?.Reasons ?? []).Distinct()];
        if (reasons.Length == 0) return request;
        string words = order.Rule!.RetryWords.Replace("{reasons}",
            string.Join('\n', reasons.Select(reason => $"- {reason}")), StringComparison.Ordinal);
        string suffix = request.Request.PromptSuffix is { } own ? $"{own}\n\n{words}" : words;
        return service.Prepare(request.Request with { PromptSuffix = suffix }) with { Copies = request.Copies };
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
