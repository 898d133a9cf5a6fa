using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>An item of a batch on its way through the engine: every try is on record in the ledger before it is
/// sent.</summary>
internal sealed class ItemOrder(BatchRun run, BatchNode node) : Order
{
    private string? _requestHash;
    private TryRule? _rule;

    public BatchNode Node => node;

    public override string Name => node.Name;

    public override ModelInfo Model => node.Model;

    public override decimal? EstimatedCost => node.Estimate;

    // What is tried again is another answer.
    public override string? AnswerId => Tries.Count == 0 ? node.AnswerId : null;

    internal override void OnBegun() => node.MarkRunning();

    internal override PreparedRequest Prepare()
    {
        PreparedRequest request = run.Prepare(node);
        // Its source is there by now.
        _rule ??= run.Rules.For(request, mayBeAlone: false);
        return request;
    }

    public override TryRule? Rule => _rule;

    internal override void OnPrepared(PreparedRequest request) => _requestHash = request.RequestHash;

    internal override BlobSink OpenSink() => run.Saver.SinkOf(node, _requestHash);

    // From here on it may be billed: nothing is sent that is not on record.
    internal override void OnSending(PreparedRequest request) => run.Log(new LedgerEvent
    {
        Kind = LedgerEventKind.Submitted,
        Item = node.Name,
        ItemKey = node.ItemKey,
        RequestHash = request.RequestHash,
        Model = request.Model.Id,
        Mode = BatchMode.Live,
        Edition = run.Options.Edition,
        Estimate = request.EstimatedCost,
    });

    internal override void OnIdentified(string answerId) => run.Log(new LedgerEvent
    {
        Kind = LedgerEventKind.Identified,
        Item = node.Name,
        ItemKey = node.ItemKey,
        Model = node.Model.Id,
        Answer = answerId,
    });

    internal override void OnTriedAgain(NbException error)
    {
        if (error.IsUncertain) run.LogUncertain(node, error);
        else run.TryLog(new LedgerEvent { Kind = LedgerEventKind.Retrying, Item = node.Name, ErrorId = error.ErrorId });
    }

    internal override (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost)
    {
        node.Charge(Tries.Sum(one => one.Cost ?? 0) + cost);
        bool isComposed = _rule?.Protection is not null;
        string suffix = TryFiles.Suffix(Try) + (isComposed ? TryFiles.OfModel : "");
        run.Save(node, images, cost, BatchMode.Live, suffix: suffix);
        return (node.Image is { } saved && node.State == BatchItemState.Succeeded
            ? images.SetItem(images.Length - 1, saved) : images, []);
    }

    internal override void OnFailed(NbException error, decimal? cost)
    {
        node.Charge(cost);
        run.MarkFailed(node, error, cost);
    }

    internal override NbImage KeepComposed(NbImage made, NbImage composed) =>
        run.SaveComposed(node, composed, TryFiles.Suffix(Try));

    internal override void OnChecked(NbImage image) => run.LogJudged(node, image);

    internal override NbImage Promote(NbImage first, NbImage best) => TryFiles.Promote(first, best).Best;

    internal override void OnEnded(Outcome outcome)
    {
        if (_rule is null || outcome.Images.IsEmpty || node.State == BatchItemState.Uncertain) return;
        run.MarkEnded(node, outcome);
    }

    internal override void OnLost(NbException? error, DateTimeOffset sent) =>
        run.MarkUncertain(node, error ?? BatchErrors.Uncertain(node.Name, sent));

    internal override void OnHeldBack(NbException? why)
    {
        if (why is null) node.MarkPending();
        else BatchRun.HoldBack(node, why);
    }
}
