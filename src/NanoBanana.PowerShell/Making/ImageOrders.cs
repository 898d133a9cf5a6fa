using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The orders of a cmdlet: they go through the engine, within the cmdlet's budget, and their results are
/// emitted on the pipeline's thread.</summary>
/// <param name="cmdlet">The cmdlet, which emits, reports and warns.</param>
/// <param name="engine">The engine, which ends with the cmdlet's token.</param>
/// <param name="budget">That of the engine.</param>
/// <param name="offer">Asks whether an edit is sent without its history.</param>
/// <param name="asCompleted">Whether images are emitted as they finish, not in the order they were asked for.</param>
internal sealed class ImageOrders(
    ImageCmdlet cmdlet, ImageEngine engine, Budget budget, RebaseOffer offer, bool asCompleted)
{
    private readonly InOrder _results = new(asCompleted);
    private readonly Queue<(SingleOrder Order, NbImage Image)> _unemitted = [];
    private Order? _unaffordable;
    private int _done;
    private bool _isEmitting;

    /// <summary>Warnings, held while something paid for has not been emitted.</summary>
    public HeldWarnings Warnings => field ??= new HeldWarnings(cmdlet,
        () => _isEmitting || engine.InFlight > 0 || _results.Ahead > 0);

    /// <summary>Whether the result of a sent order is being written, not the error of one that was not sent.</summary>
    public bool IsPublishing { get; private set; }

    /// <summary>Calls that may have been billed and whose outcome was not reported, and their highest cost.</summary>
    public (int Calls, decimal Usd) Untold => engine.Untold;

    /// <summary>How many orders there are so far, ended ones included.</summary>
    public int Total => _done + engine.Count;

    /// <summary>Shows the progress.</summary>
    /// <param name="meter">The progress meter.</param>
    /// <param name="expected">How many orders there will be; null while unknown.</param>
    /// <param name="trouble">The reason for a delay; null for none.</param>
    public void Show(ProgressMeter meter, int? expected, string? trouble) => meter.Show(
        $"{_done} done{Ahead}, {engine.InFlight} in flight, {Readable.Money(budget.Spent)} so far",
        expected is > 0 and int all ? 100 * _done / all : null, trouble);

    private string Ahead => _results.Awaited is { } first
        ? $" ({_results.Ahead} ready, waiting for '{Readable.Short(first.Name, 30)}')" : "";

    /// <summary>Sends a request the given number of times, and emits what has finished meanwhile.</summary>
    public void Send(PreparedRequest request, SaveTarget place, TryRule? rule, object input, int copies)
    {
        for (int i = 0; i < copies && cmdlet.Try(place.Check, input); i++)
        {
            var order = new SingleOrder(request, place)
            {
                Rule = rule, IsSource = cmdlet.IsSource, SetsAside = cmdlet.SetsAside, Input = input,
            };
            _results.Expect(order);
            engine.Add(order);
            // Wait before the pipeline passes the next input, so that with one call at a time each waits for the
            // previous one.
            while (engine.IsFull && EmitNext()) { }
            // When the budget does not allow one, it does not allow its copies either.
            if (ReferenceEquals(_unaffordable, order)) return;
        }
    }

    /// <summary>Waits for everything that is in flight and emits it.</summary>
    public void EmitAll()
    {
        while (EmitNext()) { }
    }

    /// <summary>Waits for what is in flight and saves it when the pipeline has ended early.</summary>
    /// <param name="say">Tells the user at once.</param>
    /// <param name="stopped">Ends the wait.</param>
    public void FinishEarly(Action<string> say, CancellationToken stopped)
    {
        var end = new EarlyEnd(engine, say);
        while (_unemitted.TryDequeue(out var left)) end.Add(left.Order.Place, left.Image);
        while (_results.TryTake(isOver: true, out SingleOrder order, out Outcome outcome)) end.Add(order, outcome);
        end.Run(stopped);
    }

    // False when nothing is in flight and nothing more will be.
    private bool EmitNext()
    {
        EngineStep? next = cmdlet.Await(engine.NextAsync());
        if (next is { Pause: { } pause }) Warnings.Warn($"{next.Order.Name}: {pause.Message}");
        if (next is { Outcome: { } outcome }) Take((SingleOrder)next.Order, outcome);
        while (_results.TryTake(isOver: next is null, out SingleOrder order, out Outcome came)) Publish(order, came);
        if (next is null && engine.Fatal is { } fatal) cmdlet.Demand<object>(() => throw fatal);
        return next is not null;
    }

    private void Take(SingleOrder order, Outcome outcome)
    {
        if (IsSentAgain(order, outcome)) return;
        _done++;
        if (outcome.Error is { } error && IsUnaffordable(error)) _unaffordable = order;
        _results.Add(order, outcome);
    }

    private static bool IsUnaffordable(NbException error) =>
        error.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal);

    private void Publish(SingleOrder order, Outcome outcome)
    {
        if (outcome.Error is { } error)
        {
            // An error that every other request would meet too ends the command after the calls in flight were
            // reported.
            if (error.IsAccountWide) return;
            // Requests that the budget did not allow were not sent, and are reported as one error.
            IsPublishing = !IsUnaffordable(error);
            cmdlet.Report(error, order.Input);
            IsPublishing = false;
            return;
        }
        IsPublishing = true;
        foreach (NbImage image in outcome.Images) _unemitted.Enqueue((order, image));
        while (_unemitted.TryDequeue(out var next)) Emit(next.Order, next.Image);
        foreach (NbException unsaved in outcome.Unsaved) cmdlet.Report(unsaved, order.Input);
        PublishVerdict(order, outcome);
        IsPublishing = false;
    }

    private void Emit(SingleOrder order, NbImage image)
    {
        _isEmitting = true;
        cmdlet.Emit(cmdlet.Finish(image, order.Place).WithInputObject(order.Input));
        _isEmitting = false;
        foreach (string warning in image.Warnings.Except(order.Request.Warnings)) Warnings.Warn(warning);
    }

    // Reported after the image was emitted: it is paid for, and it is the best one.
    private void PublishVerdict(SingleOrder order, Outcome outcome)
    {
        if (outcome.Ending is { } ending) Warnings.Warn($"No more tries: {ending.Message}");
        if (outcome.Unchecked is { } failure) cmdlet.Report(failure, order.Input);
        else if (outcome.IsRejected)
        {
            cmdlet.Report(JudgeErrors.Rejected(outcome.Images[^1], outcome.TryCount, outcome.Cost), order.Input);
        }
    }

    // An edit that cannot be sent with its history is sent again without it, if the user agrees.
    private bool IsSentAgain(SingleOrder order, Outcome outcome)
    {
        PreparedRequest request = order.Request;
        bool isWanted = outcome.Error is { } error && request.ContinuesConversation && RebaseOffer.IsFor(error)
            && offer.IsTaken(error);
        if (!isWanted) return false;
        PreparedRequest? rebased = null;
        if (!cmdlet.Try(() => rebased = cmdlet.Service.Prepare(request.Request with { Rebase = true }), order.Input))
        {
            return false;
        }
        var again = new SingleOrder(rebased!, order.Place)
        {
            Rule = order.Rule, IsSource = order.IsSource, SetsAside = order.SetsAside, Input = order.Input,
        };
        _results.Replace(order, again);
        engine.Add(again);
        return true;
    }
}
