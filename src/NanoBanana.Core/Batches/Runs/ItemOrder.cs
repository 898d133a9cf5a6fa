using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>An order for an item of a batch: every try is recorded in the ledger before it is sent.</summary>
internal sealed class ItemOrder(BatchRun run, BatchNode node) : Order
{
    private readonly bool _isContinued = node.IsContinued, _isFinishing = node.IsUnfinished;
    private string? _requestHash;
    private TryRule? _rule;
    private int _recalled = -1;

    public BatchNode Node => node;

    public override string Name => node.Name;

    public override ModelInfo Model => node.Model;

    public override decimal? EstimatedCost =>
        IsFinishing ? node.JudgingEstimate * Math.Max(1, node.Series.Answered) : node.Estimate;

    // A new try gets another answer, with another id.
    public override string? AnswerId => Tries.Count <= Math.Max(0, _recalled) ? node.AnswerId : null;

    internal override bool IsFinishing => _isFinishing && _recalled < 0;

    // The next try is made by a job, at half price.
    internal override bool IsTriedElsewhere => run.Options.Mode == BatchMode.Batch;

    internal override void OnBegun() => node.MarkRunning();

    internal override PreparedRequest Prepare()
    {
        PreparedRequest request = run.Prepare(node);
        // Its source has been made by now.
        _rule ??= run.Rules.For(request, mayBeAlone: false);
        return request;
    }

    public override TryRule? Rule => _rule;

    internal override ImmutableArray<Outcome> Recall()
    {
        if (_recalled >= 0) return [];
        ImmutableArray<Outcome> earlier = _isContinued ? run.Recall(node) : [];
        _recalled = earlier.Length;
        return earlier;
    }

    internal override void OnPrepared(PreparedRequest request) => _requestHash = request.RequestHash;

    internal override BlobSink OpenSink() => run.Saver.SinkOf(node, _requestHash);

    // From here on it may be billed, so nothing is sent without a record.
    internal override void OnSending(PreparedRequest request) => run.Log(new LedgerEvent
    {
        Kind = LedgerEventKind.Submitted,
        Item = node.Name,
        ItemKey = node.ItemKey,
        RequestHash = request.RequestHash,
        Model = request.Model.Id,
        Mode = BatchMode.Live,
        Edition = run.Options.Edition,
        Try = _rule is null ? null : Try,
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
        run.Save(node, images, cost, BatchMode.Live);
        node.Charge(node.Series.Cost ?? cost);
        return (node.Image is { } saved && node.State == BatchItemState.Succeeded
            ? images.SetItem(images.Length - 1, saved) : images, []);
    }

    internal override void OnFailed(NbException error, decimal? cost)
    {
        if (_rule is not null && TryRule.MayComeAgain(error) && Try < node.MaximumTryCount)
        {
            run.MarkWithout(node, error, cost, BatchMode.Live);
            return;
        }
        node.Charge(cost);
        run.MarkFailed(node, error, cost);
    }

    internal override NbImage OnComposing(NbImage made)
    {
        if (made.Path is not { } path) return made;
        (string stem, string extension) = (Path.ChangeExtension(path, null), Path.GetExtension(path));
        if (stem.EndsWith(TryFiles.OfModel, StringComparison.Ordinal)) return made;
        NbImage moved = ImageMove.Run(made, stem + TryFiles.OfModel + extension);
        run.LogMoved(node, moved);
        return moved;
    }

    internal override NbImage KeepComposed(NbImage made, NbImage composed) => run.SaveComposed(node, made, composed);

    internal override void OnChecked(NbImage image, NbException? failure, bool isKnown) =>
        run.LogJudged(node, image, failure, isKnown);

    internal override NbImage Promote(ImmutableArray<NbImage> all, NbImage best)
    {
        string place = run.Saver.TargetOf(node);
        if (IsThere(best)) return best;
        if (all.FirstOrDefault(IsThere) is { } holder) run.LogMoved(node, TryFiles.StepAside(holder));
        NbImage promoted =
            TryFiles.TakePlace(best, TryFiles.Suffix(node.Series.Of(best.Sha256)?.Number ?? 1));
        run.LogMoved(node, promoted);
        return promoted;

        bool IsThere(NbImage image) => Path.ChangeExtension(image.Path, null) == place;
    }

    internal override void OnEnded(Outcome outcome)
    {
        bool isEnforced = _rule is not null || _isFinishing;
        if (!isEnforced || outcome.Images.IsEmpty || node.State == BatchItemState.Uncertain) return;
        run.MarkEnded(node, outcome);
    }

    internal override void OnPostponed()
    {
        node.MarkPending();
        node.Continue();
    }

    internal override void OnLost(NbException? error, DateTimeOffset sent) =>
        run.MarkUncertain(node, error ?? BatchErrors.Uncertain(node.Name, sent));

    internal override void OnHeldBack(NbException? why)
    {
        if (why is null) node.MarkPending();
        else BatchRun.HoldBack(node, why);
    }
}
