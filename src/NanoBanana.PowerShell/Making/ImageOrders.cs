using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The orders of a cmdlet: they go through the engine, within the cmdlet's budget, and what came of them is
/// emitted on the pipeline's thread.</summary>
/// <param name="cmdlet">Emits, reports and warns.</param>
/// <param name="engine">Ends with the cmdlet's token.</param>
/// <param name="budget">That of the engine.</param>
/// <param name="offer">Asks whether an edit is sent without its history.</param>
internal sealed class ImageOrders(ImageCmdlet cmdlet, ImageEngine engine, Budget budget, RebaseOffer offer)
{
    private Order? _unaffordable;
    private int _done;
    private bool _isEmitting;

    /// <summary>Warnings, held while something that is paid for has not been emitted.</summary>
    public HeldWarnings Warnings => field ??= new HeldWarnings(cmdlet, () => _isEmitting || engine.InFlight > 0);

    /// <summary>Calls that may have been billed and whose end was not told, and their cost at most.</summary>
    public (int Calls, decimal Usd) Untold => engine.Untold;

    /// <summary>How many orders there are so far, ended ones included.</summary>
    public int Total => _done + engine.Count;

    /// <summary>How things stand.</summary>
    /// <param name="meter">Where it is shown.</param>
    /// <param name="expected">How many orders there will be; null while unknown.</param>
    /// <param name="trouble">What holds things up; null when nothing does.</param>
    public void Show(ProgressMeter meter, int? expected, string? trouble) => meter.Show(
        $"{_done} done, {engine.InFlight} in flight, {Readable.Money(budget.Spent)} so far",
        expected is > 0 and int all ? 100 * _done / all : null, trouble);

    /// <summary>Sends a request so many times, and emits what has finished meanwhile.</summary>
    public void Send(PreparedRequest request, SaveTarget place, TryRule? rule, int copies)
    {
        for (int i = 0; i < copies && cmdlet.Try(place.Check, request.Request.Prompt); i++)
        {
            var order = new SingleOrder(request, place)
            {
                Rule = rule, IsSource = cmdlet.IsSource, SetsAside = cmdlet.SetsAside,
            };
            engine.Add(order);
            // Before more is asked of the pipeline: one at a time means one after the other.
            while (engine.IsFull && EmitNext()) { }
            // Where there is no money for one, there is none for its copies.
            if (ReferenceEquals(_unaffordable, order)) return;
        }
    }

    /// <summary>Waits for everything that is in flight and emits it.</summary>
    public void EmitAll()
    {
        while (EmitNext()) { }
    }

    // False when nothing is in flight and nothing more will be.
    private bool EmitNext()
    {
        if (cmdlet.Await(engine.NextAsync()) is not { } step)
        {
            if (engine.Fatal is { } fatal) cmdlet.Demand<object>(() => throw fatal);
            return false;
        }
        if (step.Pause is { } pause) Warnings.Warn($"{step.Order.Name}: {pause.Message}");
        if (step.Outcome is { } outcome) Emit((SingleOrder)step.Order, outcome);
        return true;
    }

    private void Emit(SingleOrder order, Outcome outcome)
    {
        if (IsSentAnew(order, outcome)) return;
        _done++;
        if (outcome.Error is { } error)
        {
            if (error.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal)) _unaffordable = order;
            // One that every other request would meet too ends the command, once what is in flight has been told.
            if (!error.IsAccountWide) cmdlet.Report(error, order.Request.Request.Prompt);
            return;
        }
        foreach (NbImage image in outcome.Images)
        {
            _isEmitting = true;
            NbImage finished = cmdlet.Finish(image, order.Place);
            cmdlet.Emit(finished);
            _isEmitting = false;
            foreach (string warning in image.Warnings.Except(order.Request.Warnings)) Warnings.Warn(warning);
        }
        foreach (NbException unsaved in outcome.Unsaved) cmdlet.Report(unsaved);
        TellVerdict(order, outcome);
    }

    // After it was emitted: it is paid for, and the best there is.
    private void TellVerdict(SingleOrder order, Outcome outcome)
    {
        if (outcome.Ending is { } ending) Warnings.Warn($"No more tries: {ending.Message}");
        if (outcome.Unchecked is { } failure) cmdlet.Report(failure, order.Request.Request.Prompt);
        else if (outcome.IsRejected)
        {
            cmdlet.Report(JudgeErrors.Rejected(outcome.Images[^1], outcome.TryCount, outcome.Cost));
        }
    }

    // An edit that its history stands in the way of goes once more without it, where the user agrees.
    private bool IsSentAnew(SingleOrder order, Outcome outcome)
    {
        PreparedRequest request = order.Request;
        bool isWanted = outcome.Error is { } error && request.ContinuesConversation && RebaseOffer.IsFor(error)
            && offer.IsTaken(error);
        if (!isWanted) return false;
        PreparedRequest? anew = null;
        if (cmdlet.Try(() => anew = cmdlet.Service.Prepare(request.Request with { Rebase = true }),
            request.Request.Prompt))
        {
            engine.Add(new SingleOrder(anew!, order.Place)
            {
                Rule = order.Rule, IsSource = order.IsSource, SetsAside = order.SetsAside,
            });
        }
        return true;
    }
}
