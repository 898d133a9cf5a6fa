using System.Security.Cryptography;
using System.Text;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Reviews;
using NanoBanana.Gemini.Json;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Decides the state of a node from its inputs, the ledger, and the files on disk.</summary>
/// <param name="destination">Full path of the batch's folder; null when there is none yet.</param>
/// <param name="options">The options of the run.</param>
/// <param name="leftOver">The records of items that the manifest no longer has.</param>
/// <param name="orphans">Finds pictures that the ledger does not know; null when there is no folder yet.</param>
/// <param name="seen">Pictures examined before; they are not hashed again while their files are unchanged.</param>
internal sealed class Evaluation(string? destination, BatchOptions options, IEnumerable<ItemRecord> leftOver,
    OrphanFinder? orphans, Dictionary<PictureLook, PictureState> seen)
{
    // A renamed item keeps its picture. Each picture is used once, so two items with the same request get two pictures.
    private readonly Dictionary<string, ItemRecord> _leftOver = leftOver
        .Where(record => record.Saved?.ItemKey is not null)
        .GroupBy(record => record.Saved!.ItemKey!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);

    private readonly Review _review = Review.Of(destination);

    /// <summary>Lines to restore in a lost ledger, for pictures that were found.</summary>
    public List<LedgerEvent> Found { get; } = [];

    /// <summary>Sets key and state of a node whose source, if it has one, has been evaluated or made.</summary>
    public void Evaluate(BatchNode node)
    {
        bool isKnown = node.Source is null or { HasImage: true };
        node.Look(StateOf(node.Record?.Saved, node), isKnown ? KeyOf(node) : null);
        if (node.ItemKey is null)
        {
            bool isComing = node.Source!.State
                is BatchItemState.Pending or BatchItemState.Running or BatchItemState.Submitted;
            if (isComing) node.MarkPending();
            else Block(node);
            return;
        }
        ItemRecord? record = node.Record;
        // A forced run that was stopped continues with the items it had not made again yet.
        bool isForced = node.IsForced || record is { IsForced: true };
        if (!isForced && record?.Submitted is null && _leftOver.Remove(node.ItemKey, out ItemRecord? renamed)
            && StateOf(renamed.Saved, node) is not (PictureState.Gone or PictureState.Damaged) and var picture)
        {
            node.Recall(record = renamed, picture);
        }
        if (!isForced && record?.Last is null && orphans?.Find(node) is { } orphan)
        {
            record = new ItemRecord();
            record.Add(new LedgerEvent { Kind = LedgerEventKind.Received, Item = node.Name, Cost = orphan.Cost });
            LedgerEvent line = new ItemSaver(destination!).SavedLine(node, orphan, node.ItemKey, BatchMode.Live);
            record.Add(line);
            Found.Add(line);
            node.Recall(record, PictureState.Intact);
        }
        if (!isForced && node.Picture == PictureState.Damaged && record?.Saved is { } paid
            && paid.ItemKey == node.ItemKey && IsOfEdition(record.SavedEdition) && !IsTooOld(record))
        {
            if (options.ResendUncertain) node.MarkPending();
            else node.MarkUncertain(BatchErrors.PictureDamaged(node.Name, PathOf(paid) ?? paid.File!));
        }
        else if (!isForced && !IsNewTryOpen(node, record) && record?.Saved is { } saved
            && saved.ItemKey == node.ItemKey && IsOfEdition(record.SavedEdition) && !IsTooOld(record)
            && node.Picture != PictureState.Gone)
        {
            node.MarkUpToDate(PathOf(saved, node), saved, record.Cost);
            // A picture that a person edited or approved counts as accepted, unless it was rejected.
            PictureReview? said = Reviewed(node, saved);
            bool isAccepted = node.Picture == PictureState.Retouched || said is { Decision: ReviewDecision.Approved };
            if (!isAccepted) Enforce(node, record);
            if (said is { Decision: ReviewDecision.Rejected }) Reject(node, said);
        }
        else if (record is { IsInFlight: true, Submitted.Job: { } job })
        {
            // Its result is paid for and still to come, even if the manifest has changed since.
            node.MarkSubmitted(job, record.Submitted.Estimate);
        }
        else if (record is { AnswerId: { } answer, Submitted: { } sent } && sent.ItemKey == node.ItemKey
            && !node.IsForced && !(options.ResendUncertain && record.Last!.ErrorId == AnswerErrors.GoneId))
        {
            // The answer was made and paid for, so it is fetched, although the connection or the process ended.
            node.MarkAnswered(answer);
        }
        else if (record?.Last is { } last && last.ItemKey == node.ItemKey
            && IsOfEdition(record.Submitted?.Edition) && Unfinished(node, record, last) is { } error)
        {
            if (error.IsUncertain) node.MarkUncertain(error);
            else node.MarkFailed(error);
        }
        else
        {
            node.MarkPending();
        }
        // A request without an answer counts as the same try; an answer without a picture counts as a try.
        if (!node.IsForced && node.Series.IsOf(node.ItemKey)
            && node.Series.Tries[^1] is { IsReceived: false } or { Without: not null })
        {
            node.Continue();
        }
    }

    // A review applies only to the very picture that was reviewed.
    private PictureReview? Reviewed(BatchNode node, LedgerEvent saved)
    {
        if (!_review.Items.ContainsKey(node.Name)) return null;
        string? hash = node.Picture == PictureState.Retouched ? Blob.FromFile(node.Path!).Sha256 : saved.Sha256;
        if (_review.Find(node.Name, hash) is { } said) node.TakeUp(said);
        return node.Review;
    }

    private void Reject(BatchNode node, PictureReview said)
    {
        if (options.RetryFailed) node.MarkPending();
        else node.MarkRejected(ReviewErrors.Rejected(node.Name, said.Note));
    }

    // Another try was begun after the saved picture and did not end.
    private bool IsNewTryOpen(BatchNode node, ItemRecord? record) =>
        record?.Last is { Kind: not LedgerEventKind.Saved } last && record.Submitted?.Try > 1
        && node.Series.IsOf(node.ItemKey) && !node.Series.Tries.Any(one => IsAccepted(node, one))
        && (record.IsInFlight || (last.Kind == LedgerEventKind.Uncertain && !options.ResendUncertain));

    // The picture exists but may have to be composed or judged again: composing is free, and judging is cheaper than
    // another picture.
    private void Enforce(BatchNode node, ItemRecord record)
    {
        TrySeries series = node.Series;
        bool isComposed = series.Tries.Any(one => one.Composed is not null);
        if (!series.IsOf(node.ItemKey) || (node is { Rule: null, Protection: null } && !isComposed)) return;
        TryRecord[] made = [.. series.Tries.Where(one => one.Made is not null)];
        TryRecord? accepted = made.FirstOrDefault(one => IsFinished(node, one) && IsAccepted(node, one));
        if (accepted is not null)
        {
            bool isInPlace = accepted.Shown!.Sha256 == node.Sha256 && !HasNumber(node, accepted);
            if (!isInPlace) node.MarkUnfinished();
        }
        else if (made.Any(one => !IsFinished(node, one)))
        {
            node.MarkUnfinished();
        }
        else if (record.Judged is { ErrorId: { } id } judged)
        {
            bool isFailure = made.Any(one => one.Judged is { ErrorId: not (null or JudgeErrors.RejectedId) });
            if (isFailure && options.RetryFailed)
            {
                node.MarkUnfinished();
            }
            else if (!isFailure && series.Answered < node.MaximumTryCount)
            {
                node.MarkPending();
                node.Continue();
            }
            else if (options.RetryFailed)
            {
                node.MarkPending();
            }
            else
            {
                node.MarkRejected(BatchErrors.FailedBefore(id, judged.ErrorKind ?? NbErrorKind.InvalidResult,
                    judged.Message ?? "", judged.Advice ?? "", node.Name));
            }
        }
    }

    // Composed and checked by the current rules.
    private static bool IsFinished(BatchNode node, TryRecord one) => one.Composed?.Rule == node.Protection
        && (node.Rule is null || (one.Judged is { } judged && judged.Rule == node.Rule
            && (judged.ErrorKind is not { } kind || IsAboutItem(kind))));

    private static bool IsAccepted(BatchNode node, TryRecord one) =>
        node.Rule is null || one.Judged is { ErrorId: null };

    // A foreign file in its place stays there.
    private bool HasNumber(BatchNode node, TryRecord one)
    {
        string suffix = TryFiles.Suffix(one.Number);
        string stem = Path.ChangeExtension(node.Path, null) ?? "";
        if (suffix.Length == 0 || !stem.EndsWith(suffix, StringComparison.Ordinal)) return false;
        string place = stem[..^suffix.Length] + Path.GetExtension(node.Path);
        return !File.Exists(place) || node.Series.Files.Any(file => PathOf(file) == place);
    }

    /// <summary>Warnings about pictures that people changed, with the consequences; call after the nodes are
    /// evaluated.</summary>
    public IEnumerable<string> Warnings(IEnumerable<BatchNode> nodes)
    {
        foreach (BatchNode node in nodes)
        {
            string? warning = node.Picture switch
            {
                PictureState.Retouched when node.HasImage =>
                    "was changed since it was saved. It is kept as it is; a forced run makes it again.",
                PictureState.Retouched when node.IsReplaced =>
                    "was changed since it was saved. It goes to .nb/replaced, and a forced run makes it again.",
                PictureState.Retouched =>
                    "was changed since it was saved. It is kept, and the new one of its item gets a number.",
                PictureState.WithoutSidecar when node.HasImage =>
                    "has lost its sidecar. It is kept, and an edit of it begins a new conversation; a forced run makes it again.",
                _ => null,
            };
            if (warning is not null) yield return $"'{PathOf(node.Record!.Saved!)}' {warning}";
        }
    }

    /// <summary>Marks a node whose source gives no picture.</summary>
    public static void Block(BatchNode node)
    {
        BatchNode source = node.Source!;
        string why = source.State switch
        {
            BatchItemState.Uncertain => "which may have been billed without an answer",
            BatchItemState.Blocked => "which is blocked itself",
            BatchItemState.Rejected => "which is not good enough",
            BatchItemState.Failed => $"which failed ({source.Error?.ErrorId})",
            _ => "which was not made",
        };
        node.MarkBlocked(BatchErrors.Blocked(node.Name, source.Name, why));
    }

    /// <summary>Whether the error is caused by the item itself, so that another try would fail in the same
    /// way.</summary>
    public static bool IsAboutItem(NbErrorKind kind) => kind is NbErrorKind.InvalidArgument or NbErrorKind.InvalidResult
        or NbErrorKind.ObjectNotFound or NbErrorKind.ParserError;

    private bool IsTooOld(ItemRecord record) => options.OlderThan is { } age
        && options.TimeProvider.GetUtcNow() - (record.SavedAt ?? DateTimeOffset.MinValue) > age;

    // Any edition will do when none is asked for.
    private bool IsOfEdition(string? edition) => options.Edition is null || edition == options.Edition;

    // Why the item is not tried again; null when it is to be sent.
    private NbException? Unfinished(BatchNode node, ItemRecord record, LedgerEvent last)
    {
        switch (last.Kind)
        {
            case LedgerEventKind.Uncertain when !options.ResendUncertain
                && last is { ErrorId: { } id, Message: { } message }:
                return BatchErrors.UncertainBefore(id, last.ErrorKind
                    ?? NbErrorKind.ConnectionError, message, last.Advice ?? "", node.Name);
            case LedgerEventKind.Submitted or LedgerEventKind.Identified or LedgerEventKind.Received
                or LedgerEventKind.Uncertain
                when !options.ResendUncertain:
                return BatchErrors.Uncertain(node.Name, record.Submitted?.At ?? last.At);
            case LedgerEventKind.Failed when !node.IsForced && !options.RetryFailed
                && IsAboutItem(last.ErrorKind ?? NbErrorKind.InvalidResult):
                return BatchErrors.FailedBefore(last.ErrorId ?? "Nb.Answer.NoImage", last.ErrorKind
                    ?? NbErrorKind.InvalidResult,
                    last.Message ?? "It failed before.", last.Advice ?? "", node.Name);
            default:
                return null;
        }
    }

    // For an edit, the key covers its request, its source's key, and its source's picture.
    private static string KeyOf(BatchNode node)
    {
        string depends = node.DependsHash is { } hash ? $" depends {hash}" : "";
        if (node.Source is not { } source)
        {
            return depends.Length == 0 ? node.Prepared.RequestHash : Hash(node.Prepared.RequestHash + depends);
        }
        string rebase = node.Request.Rebase == true ? "rebase" : "";
        return Hash($"{node.Prepared.RequestHash} {source.ItemKey} {source.Sha256} {rebase}{depends}");

        static string Hash(string text) => Blob.ToHex(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }

    /// <summary>Full path of an item's picture according to the ledger; null when it is gone.</summary>
    public string? PathOf(BatchNode node) => node.Picture == PictureState.Gone || node.Record?.Saved is not { } saved
        ? null : PathOf(saved);

    private string? PathOf(LedgerEvent saved) => destination is null ? null : Inside.Find(destination, saved.File);

    // A run that ended while it renamed the best try may have left it under another name.
    private string? PathOf(LedgerEvent saved, BatchNode node)
    {
        string? path = PathOf(saved);
        return path is null || node is { Rule: null, Protection: null } || File.Exists(path)
            || Inside.Find(destination!, node.Stem) is not { } stem ? path
            : TryFiles.Find(stem, path, saved.Sha256, saved.Length) ?? path;
    }

    // Length and time are compared first: hashing thousands of pictures takes too long.
    private PictureState StateOf(LedgerEvent? saved, BatchNode node)
    {
        if (saved?.File is null || destination is null) return PictureState.Gone;
        // The user may have replaced it with a link. A picture that cannot be read is not a reason to buy it again.
        if (PathOf(saved, node) is not { } path) return PictureState.Damaged;
        var file = new FileInfo(path);
        if (!file.Exists) return PictureState.Gone;
        PictureState whole = File.Exists(Sidecar.PathFor(path)) ? PictureState.Intact : PictureState.WithoutSidecar;
        if (file.Length == saved.Length && file.LastWriteTimeUtc == saved.Modified) return whole;
        var look = new PictureLook(path, file.Length, file.LastWriteTimeUtc, whole, saved.Sha256, saved.Length);
        if (seen.TryGetValue(look, out PictureState known)) return known;
        try
        {
            var data = Blob.FromFile(path);
            return seen[look] = data.Sha256 == saved.Sha256 ? whole
                : Path.GetExtension(path) == PictureFormat.Words.Extension ? PictureState.Retouched
                : PictureEnd.IsReached(data, isShortened: file.Length < saved.Length) ? PictureState.Retouched
                : PictureState.Damaged;
        }
        catch (NbException)
        {
            return PictureState.Damaged;
        }
    }
}
