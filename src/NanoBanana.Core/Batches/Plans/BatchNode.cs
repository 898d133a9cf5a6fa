using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>An item in the graph while it is planned and made. One runner changes it; others only look.</summary>
internal sealed class BatchNode
{
    public required ManifestItem Item { get; init; }

    // Those of its picture, which itself may be let go.
    private ImmutableArray<string>? _warnings;

    /// <summary>Path inside the destination without extension, / between folders.</summary>
    public required string Stem { get; init; }

    /// <summary>The node it is made from; null for a new picture and for an edit of a file.</summary>
    public BatchNode? Source { get; init; }

    public List<BatchNode> Children { get; } = [];

    /// <summary>What it asks for with all defaults filled in, without the source's picture.</summary>
    public required ImageRequest Request { get; init; }

    /// <summary>The request as checked; for the edit of a node, as if it had no source.</summary>
    public required PreparedRequest Prepared { get; init; }

    /// <summary>Tokens sent along, those of the conversation included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>USD it is expected to cost in the mode of this run; null when unknown.</summary>
    public required decimal? Estimate { get; init; }

    /// <summary>USD it is expected to cost as part of a job; null when the price is unknown.</summary>
    public decimal? BatchEstimate { get; init; }

    /// <summary>How often it is tried at most.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>Hash of the files it depends on; null for none.</summary>
    public string? DependsHash { get; init; }

    /// <summary>USD that judging one picture of it is expected to cost; null when unknown.</summary>
    public decimal? JudgingEstimate { get; init; } = 0;

    /// <summary>Hash of how its picture is composed; null when it is the model's own.</summary>
    public string? Protection { get; init; }

    /// <summary>Hash of what decides whether its picture is good enough; null when every one is.</summary>
    public string? Rule { get; init; }

    /// <summary>The tries at its picture.</summary>
    public TrySeries Series { get; private set; } = new();

    /// <summary>Pictures of tries that make room for new ones.</summary>
    public IReadOnlyList<LedgerEvent> Former { get; private set; } = [];

    /// <summary>Whether its pictures are there, and only have to be composed or checked.</summary>
    public bool IsUnfinished
    {
        get => field && State is (BatchItemState.Pending or BatchItemState.Running);
        private set;
    }

    /// <summary>Whether what is sent next is one more try at the same picture, rather than the first of new
    /// ones.</summary>
    public bool IsContinued { get; private set; }

    /// <summary>What the ledger knows of it.</summary>
    public ItemRecord? Record { get; private set; }

    /// <summary>The picture that a rehearsal made of it, which makes room for the real one; null when there is
    /// none.</summary>
    public LedgerEvent? Rehearsed { get; private set; }

    /// <summary>To be made again though it is up to date.</summary>
    public bool IsForced { get; private set; }

    /// <summary>Whether what is in its place makes room, worked on or not.</summary>
    public bool IsReplaced => IsForced || Record is { IsForced: true };

    /// <summary>Hash of everything that goes into it; null until the source's picture is known.</summary>
    public string? ItemKey { get; private set; }

    /// <summary>The service's id of its answer, which is only to be fetched; null when it is to be sent.</summary>
    public string? AnswerId { get; private set; }

    public BatchItemState State { get; private set; }

    public NbException? Error { get; private set; }

    public decimal? Cost { get; private set; }

    public string? Path { get; private set; }

    /// <summary>What became of the picture in its record.</summary>
    public PictureState Picture { get; private set; }

    /// <summary>SHA-256 of the picture that was saved.</summary>
    public string? Sha256 { get; private set; }

    public NbImage? Image { get; private set; }

    public string? Job { get; private set; }

    /// <summary>USD that its job was expected to cost for it, whatever the mode of this run; null while it is part of
    /// none that was found.</summary>
    public decimal? JobEstimate { get; private set; }

    public string Name => Item.Name;

    public ModelInfo Model => Prepared.Model;

    public bool HasImage => State is BatchItemState.Succeeded or BatchItemState.UpToDate;

    /// <summary>What a person said of the picture that is there; null for nothing.</summary>
    public PictureReview? Review { get; private set; }

    /// <summary>Notes what a person said of the picture that is there.</summary>
    public void TakeUp(PictureReview review) => Review = review;

    /// <summary>Has it made again though it is up to date.</summary>
    public void Force() => IsForced = true;

    /// <summary>Earlier tries count.</summary>
    public void Continue() => IsContinued = true;

    /// <summary>Notes what was put on record of it.</summary>
    public void Follow(LedgerEvent line)
    {
        if (line is { Kind: LedgerEventKind.Submitted, Try: null or 1 } && Series.Tries.Any(one => one.IsReceived))
        {
            Former = [.. Series.Files];
        }
        Series.Add(line);
        if (line.Kind == LedgerEventKind.Submitted) IsContinued = true;
    }

    /// <summary>The number of the try that is sent next, or is on its way.</summary>
    public int NextTry => IsContinued ? Series.Next : 1;

    /// <summary>The try that is on its way; null where there is no more than one.</summary>
    public int? TryNumber => Series.Tries.Count > 0 && IsEnforced ? Series.Next : null;

    /// <summary>Whether its picture may be tried again, or is composed or checked.</summary>
    public bool IsEnforced => MaximumTryCount > 1 || Rule is not null || Protection is not null;

    /// <summary>Tries that may still be made.</summary>
    public int TriesLeft => Math.Max(0, MaximumTryCount - (IsContinued ? Series.Answered : 0));

    /// <summary>Takes up what the ledger knows, and forgets what was known before.</summary>
    /// <param name="record">Null for nothing.</param>
    /// <param name="picture">What became of its picture.</param>
    public void Recall(ItemRecord? record, PictureState picture = PictureState.Gone)
    {
        (Record, Picture, Series) = (record, picture, record?.Series ?? new TrySeries());
        (Path, Sha256, Cost, Job, JobEstimate) = (null, null, null, null, null);
    }

    /// <summary>Takes up what a rehearsal saved.</summary>
    /// <param name="saved">Null for nothing.</param>
    public void RecallRehearsal(LedgerEvent? saved) => Rehearsed = saved;

    /// <summary>Begins to look where it stands.</summary>
    /// <param name="picture">What became of the picture in its record.</param>
    /// <param name="key">Hash of everything that goes into it; null while its source's picture is not known.</param>
    public void Look(PictureState picture, string? key) =>
        (Error, AnswerId, Picture, ItemKey, IsContinued, Review) = (null, null, picture, key, false, null);

    /// <summary>Its picture is there, as it is asked for.</summary>
    public void MarkUpToDate(string? path, LedgerEvent saved, decimal? cost) =>
        (State, Path, Sha256, Cost, IsUnfinished) = (BatchItemState.UpToDate, path, saved.Sha256, cost, false);

    /// <summary>It waits for its source or its turn; earlier tries no longer count.</summary>
    public void MarkPending() => (State, Error, IsUnfinished) = (BatchItemState.Pending, null, false);

    /// <summary>Its pictures are there, and wait to be composed or checked.</summary>
    public void MarkUnfinished() =>
        (State, Error, IsUnfinished, IsContinued) = (BatchItemState.Pending, null, true, true);

    /// <summary>Its answer was made and paid for, and waits to be fetched.</summary>
    /// <param name="answerId">The service's id of it.</param>
    public void MarkAnswered(string answerId)
    {
        MarkPending();
        AnswerId = answerId;
    }

    /// <summary>Its job gave nothing, and it goes into another.</summary>
    public void LeaveJob()
    {
        MarkPending();
        Job = null;
    }

    /// <summary>A request for it is in flight, here or in another process.</summary>
    public void MarkRunning() => (State, Error) = (BatchItemState.Running, null);

    /// <summary>It is part of a job at the service.</summary>
    /// <param name="job">Id of the job.</param>
    /// <param name="estimate">What an earlier run expected it to cost; null for what this one does.</param>
    public void MarkSubmitted(string job, decimal? estimate = null) =>
        (State, Job, JobEstimate) = (BatchItemState.Submitted, job, estimate ?? JobEstimate);

    /// <summary>Its picture was made and saved.</summary>
    /// <param name="saved">The picture.</param>
    /// <param name="error">Why it could not be checked; null when nothing is wrong.</param>
    public void MarkSucceeded(NbImage saved, NbException? error = null)
    {
        Show(saved);
        (State, Error) = (BatchItemState.Succeeded, error);
    }

    /// <summary>Its picture is saved, and the rules do not accept it.</summary>
    public void MarkRejected(NbException why) => (State, Error) = (BatchItemState.Rejected, why);

    /// <summary>This picture is its own from now on, wherever it stands.</summary>
    public void Show(NbImage saved) => (Image, Path, Sha256) = (saved, saved.Path, saved.Sha256);

    /// <summary>It gives no picture in this run.</summary>
    public void MarkFailed(NbException error) => (State, Error) = (BatchItemState.Failed, error);

    /// <summary>It may have been billed without an answer.</summary>
    /// <param name="error">Why.</param>
    /// <param name="image">A picture that could not be saved; null to leave what is there.</param>
    public void MarkUncertain(NbException error, NbImage? image = null) =>
        (State, Error, Image) = (BatchItemState.Uncertain, error, image ?? Image);

    /// <summary>It is not sent, for a reason outside of this item.</summary>
    public void MarkBlocked(NbException why) => (State, Error) = (BatchItemState.Blocked, why);

    /// <summary>Notes what its answer did cost.</summary>
    public void Charge(decimal? cost) => Cost = cost;

    /// <summary>Its picture lies elsewhere now.</summary>
    public void MoveTo(string? path) => Path = path;

    /// <summary>Its picture with the conversation, read from its file when it is not at hand.</summary>
    /// <exception cref="NbException">The file cannot be used.</exception>
    public NbImage Load() => Image ??= ImageFile.Import(Path!);

    /// <summary>Drops the picture from memory when nothing is made from it: it can be read again from its file. One of
    /// a very long prompt stays: the manifest holds those words anyway, and to read them takes many times their
    /// length.</summary>
    public void ReleaseImage()
    {
        if (Children.Count > 0 || Image is null || Item.Words.Length >= JsonText.Long) return;
        _warnings = Image.Warnings;
        Image = null;
    }

    public BatchItem ToItem() => new()
    {
        Name = Name,
        State = State,
        Prompt = Item.Words,
        From = Item.From,
        Model = Model.Id,
        Path = Path,
        Made = State == BatchItemState.UpToDate ? null : Image,
        Error = Error,
        Review = State is BatchItemState.UpToDate or BatchItemState.Rejected ? Review : null,
        ItemKey = ItemKey,
        MaximumTryCount = MaximumTryCount,
        MostCost = AnswerId is not null && State == BatchItemState.Pending ? 0
            : (IsUnfinished ? JudgingEstimate * Series.Answered : 0) + (Estimate * TriesLeft),
        EstimatedCost = IsUnfinished ? JudgingEstimate : AnswerId is not null && State == BatchItemState.Pending ? 0
            : State == BatchItemState.Submitted ? JobEstimate ?? Estimate : Estimate,
        EstimatedBatchCost = IsUnfinished ? JudgingEstimate
            : AnswerId is not null && State == BatchItemState.Pending ? 0 : BatchEstimate,
        Cost = Cost,
        Job = Job,
        Warnings = Image?.Warnings ?? _warnings ?? Prepared.Warnings,
    };
}
