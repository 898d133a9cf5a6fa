using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>An item in the graph while it is planned and made. One runner changes it; others only read it.</summary>
internal sealed class BatchNode
{
    public required ManifestItem Item { get; init; }

    // The warnings of its picture, kept because the picture itself may be dropped from memory.
    private ImmutableArray<string>? _warnings;

    /// <summary>Path inside the destination without extension, / between folders.</summary>
    public required string Stem { get; init; }

    /// <summary>The node it is made from; null for a new picture and for an edit of a file.</summary>
    public BatchNode? Source { get; init; }

    public List<BatchNode> Children { get; } = [];

    /// <summary>Its request with all defaults filled in, without the source's picture.</summary>
    public required ImageRequest Request { get; init; }

    /// <summary>The checked request; for the edit of a node, as if it had no source.</summary>
    public required PreparedRequest Prepared { get; init; }

    /// <summary>Input tokens, including those of the conversation.</summary>
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

    /// <summary>Whether its pictures exist, and only have to be composed or checked.</summary>
    public bool IsUnfinished
    {
        get => field && State is (BatchItemState.Pending or BatchItemState.Running);
        private set;
    }

    /// <summary>Whether the next request is another try at the same picture, not the first try at a new one.</summary>
    public bool IsContinued { get; private set; }

    /// <summary>Its record in the ledger.</summary>
    public ItemRecord? Record { get; private set; }

    /// <summary>The picture made by a rehearsal, which the real one replaces; null for none.</summary>
    public LedgerEvent? Rehearsed { get; private set; }

    /// <summary>Whether it is made again although it is up to date.</summary>
    public bool IsForced { get; private set; }

    /// <summary>Whether the file in its place is moved away, even if it was edited.</summary>
    public bool IsReplaced => IsForced || Record is { IsForced: true };

    /// <summary>Hash of everything that goes into it; null until the source's picture is known.</summary>
    public string? ItemKey { get; private set; }

    /// <summary>The service's id of its answer, which only needs to be fetched; null when it is to be sent.</summary>
    public string? AnswerId { get; private set; }

    public BatchItemState State { get; private set; }

    public NbException? Error { get; private set; }

    public decimal? Cost { get; private set; }

    public string? Path { get; private set; }

    /// <summary>The state of the picture in its record.</summary>
    public PictureState Picture { get; private set; }

    /// <summary>SHA-256 of the picture that was saved.</summary>
    public string? Sha256 { get; private set; }

    public NbImage? Image { get; private set; }

    public string? Job { get; private set; }

    /// <summary>Expected cost in USD of its part of a job, in any mode of this run; null when it is not part of a known
    /// job.</summary>
    public decimal? JobEstimate { get; private set; }

    public string Name => Item.Name;

    public ModelInfo Model => Prepared.Model;

    public bool HasImage => State is BatchItemState.Succeeded or BatchItemState.UpToDate;

    /// <summary>The review of the existing picture; null for none.</summary>
    public PictureReview? Review { get; private set; }

    /// <summary>Sets the review of the existing picture.</summary>
    public void TakeUp(PictureReview review) => Review = review;

    /// <summary>Marks it to be made again although it is up to date.</summary>
    public void Force() => IsForced = true;

    /// <summary>Makes earlier tries count.</summary>
    public void Continue() => IsContinued = true;

    /// <summary>Applies a new line of the ledger.</summary>
    public void Follow(LedgerEvent line)
    {
        if (line is { Kind: LedgerEventKind.Submitted, Try: null or 1 } && Series.Tries.Any(one => one.IsReceived))
        {
            Former = [.. Series.Files];
        }
        Series.Add(line);
        if (line.Kind == LedgerEventKind.Submitted) IsContinued = true;
    }

    /// <summary>The number of the try that is sent next, or is in flight.</summary>
    public int NextTry => IsContinued ? Series.Next : 1;

    /// <summary>The number of the try in flight; null when there is only one.</summary>
    public int? TryNumber => Series.Tries.Count > 0 && IsEnforced ? Series.Next : null;

    /// <summary>Whether its picture may be tried again, or is composed or checked.</summary>
    public bool IsEnforced => MaximumTryCount > 1 || Rule is not null || Protection is not null;

    /// <summary>Number of tries that may still be made.</summary>
    public int TriesLeft => Math.Max(0, MaximumTryCount - (IsContinued ? Series.Answered : 0));

    /// <summary>Sets its record from the ledger, and resets everything derived from it.</summary>
    /// <param name="record">Null for no record.</param>
    /// <param name="picture">What became of its picture.</param>
    public void Recall(ItemRecord? record, PictureState picture = PictureState.Gone)
    {
        (Record, Picture, Series) = (record, picture, record?.Series ?? new TrySeries());
        (Path, Sha256, Cost, Job, JobEstimate) = (null, null, null, null, null);
    }

    /// <summary>Sets the picture saved by a rehearsal.</summary>
    /// <param name="saved">Null for no picture.</param>
    public void RecallRehearsal(LedgerEvent? saved) => Rehearsed = saved;

    /// <summary>Resets its state before evaluation.</summary>
    /// <param name="picture">What became of the picture in its record.</param>
    /// <param name="key">Hash of everything that goes into it; null while its source's picture is not known.</param>
    public void Look(PictureState picture, string? key) =>
        (Error, AnswerId, Picture, ItemKey, IsContinued, Review) = (null, null, picture, key, false, null);

    /// <summary>Marks it as up to date.</summary>
    public void MarkUpToDate(string? path, LedgerEvent saved, decimal? cost) =>
        (State, Path, Sha256, Cost, IsUnfinished) = (BatchItemState.UpToDate, path, saved.Sha256, cost, false);

    /// <summary>Marks it as pending; earlier tries no longer count.</summary>
    public void MarkPending() => (State, Error, IsUnfinished) = (BatchItemState.Pending, null, false);

    /// <summary>Marks its pictures as existing, to be composed or checked.</summary>
    public void MarkUnfinished() =>
        (State, Error, IsUnfinished, IsContinued) = (BatchItemState.Pending, null, true, true);

    /// <summary>Marks its answer as paid for, to be fetched.</summary>
    /// <param name="answerId">The service's id of it.</param>
    public void MarkAnswered(string answerId)
    {
        MarkPending();
        AnswerId = answerId;
    }

    /// <summary>Marks it for another job, because its job gave nothing.</summary>
    public void LeaveJob()
    {
        MarkPending();
        Job = null;
    }

    /// <summary>Marks it as in flight, here or in another process.</summary>
    public void MarkRunning() => (State, Error) = (BatchItemState.Running, null);

    /// <summary>Marks it as part of a job at the service.</summary>
    /// <param name="job">Id of the job.</param>
    /// <param name="estimate">The estimate of an earlier run; null for that of this run.</param>
    public void MarkSubmitted(string job, decimal? estimate = null) =>
        (State, Job, JobEstimate) = (BatchItemState.Submitted, job, estimate ?? JobEstimate);

    /// <summary>Marks its picture as made and saved.</summary>
    /// <param name="saved">The picture.</param>
    /// <param name="error">Why it could not be checked; null for no error.</param>
    public void MarkSucceeded(NbImage saved, NbException? error = null)
    {
        Show(saved);
        (State, Error) = (BatchItemState.Succeeded, error);
    }

    /// <summary>Marks its saved picture as rejected by the rules.</summary>
    public void MarkRejected(NbException why) => (State, Error) = (BatchItemState.Rejected, why);

    /// <summary>Sets its picture, in any state.</summary>
    public void Show(NbImage saved) => (Image, Path, Sha256) = (saved, saved.Path, saved.Sha256);

    /// <summary>Marks it as giving no picture in this run.</summary>
    public void MarkFailed(NbException error) => (State, Error) = (BatchItemState.Failed, error);

    /// <summary>Marks it as possibly billed without an answer.</summary>
    /// <param name="error">Why.</param>
    /// <param name="image">A picture that could not be saved; null to keep the current one.</param>
    public void MarkUncertain(NbException error, NbImage? image = null) =>
        (State, Error, Image) = (BatchItemState.Uncertain, error, image ?? Image);

    /// <summary>Marks it as not sent, for a reason outside this item.</summary>
    public void MarkBlocked(NbException why) => (State, Error) = (BatchItemState.Blocked, why);

    /// <summary>Adds the cost of its answer.</summary>
    public void Charge(decimal? cost) => Cost = cost;

    /// <summary>Sets the new path of its picture.</summary>
    public void MoveTo(string? path) => Path = path;

    /// <summary>Its picture with the conversation, read from its file if it is not in memory.</summary>
    /// <exception cref="NbException">The file cannot be used.</exception>
    public NbImage Load() => Image ??= ImageFile.Import(Path!);

    /// <summary>Drops the picture from memory when nothing is made from it: it can be read again from its file. A
    /// picture with a very long prompt stays, because the manifest holds the prompt anyway and reading it again takes
    /// much more memory.</summary>
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
