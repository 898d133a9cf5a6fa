using System.Collections.Concurrent;
using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The state that the runners share: the nodes, the ledger, the budget, and the ways a node can end.</summary>
internal sealed class BatchRun
{
    private readonly Ledger _ledger;
    private readonly Evaluation _evaluation;
    private readonly HashSet<BatchNode> _nodes;
    private readonly Dictionary<string, BatchNode> _named;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly object _gate = new();
    private StopReason? _stopReason;
    private decimal _cost;

    public BatchRun(
        ImmutableArray<BatchNode> nodes, ImageService service, BatchOptions options, Ledger ledger,
            Evaluation evaluation, string destination)
    {
        Nodes = nodes;
        Service = service;
        Options = options;
        Destination = destination;
        Saver = new ItemSaver(destination, service.IsOffline);
        Budget = new Budget(options.MaxCost, service.Allowance);
        _ledger = ledger;
        Time = new LedgerTime(ledger, options.TimeProvider);
        _evaluation = evaluation;
        _nodes = [.. nodes];
        _named = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
    }

    public ImmutableArray<BatchNode> Nodes { get; }

    /// <summary>The rules that decide when pictures are good enough.</summary>
    public required TryRules Rules { get; init; }

    public ImageService Service { get; }

    public BatchOptions Options { get; }

    public string Destination { get; }

    /// <summary>The clock for arrival times, by which the next run knows that a picture came after its
    /// request.</summary>
    public TimeProvider Time { get; }

    public ItemSaver Saver { get; }

    public Budget Budget { get; }

    /// <summary>Why nothing more is sent; null while requests are sent.</summary>
    public StopReason? StopReason
    {
        get
        {
            lock (_gate) return _stopReason;
        }
    }

    /// <summary>Whether results at the service cannot be fetched either.</summary>
    public bool IsFetchBlocked => StopReason is { BlocksFetching: true };

    /// <summary>A task that ends when the run is asked to stop.</summary>
    public Task Stopping => _stopping.Task;

    /// <summary>Cost of this run's answers in USD.</summary>
    public decimal Cost
    {
        get
        {
            lock (_gate) return _cost;
        }
    }

    /// <summary>Sends nothing more; what is in flight finishes. Thread-safe.</summary>
    public void Stop(StopReason reason)
    {
        lock (_gate) _stopReason = reason.After(_stopReason);
        if (reason.IsAsked) _stopping.TrySetResult();
    }

    /// <summary>Sends nothing more, because every other request would fail in the same way.</summary>
    public void Stop(NbException error) => Stop(new StopReason { Error = error });

    /// <summary>Stops sending and fetching, because the folder cannot be written or the service does not
    /// answer.</summary>
    public void BlockFetching(NbException error) => Stop(new StopReason { Error = error, BlocksFetching = true });

    public bool Contains(BatchNode node) => _nodes.Contains(node);

    public void Evaluate(BatchNode node) => _evaluation.Evaluate(node);

    /// <summary>The request to send, with the source's picture. Its folder is created first, because a picture that
    /// could not be saved must not be paid for.</summary>
    /// <exception cref="NbException">The source's picture or conversation cannot be used, or the item's folder cannot
    /// be made.</exception>
    public PreparedRequest Prepare(BatchNode node)
    {
        Saver.MakeRoom(node);
        if (node.Source is not { } source) return node.Prepared;
        return Service.Prepare(node.Request with { Source = source.Load() });
    }

    /// <summary>The request for another try, with the faults of the earlier tries.</summary>
    /// <exception cref="NbException">As <see cref="Prepare"/>.</exception>
    public PreparedRequest PrepareTry(BatchNode node) =>
        Generation.Tries.Repeated(Service, Prepare(node), node.NextTry > 1 ? Recall(node) : []);

    /// <exception cref="NbException">The ledger cannot be written.</exception>
    public void Log(LedgerEvent line, bool flush = true)
    {
        try
        {
            _ledger.Append(line, flush);
        }
        catch (NbException e)
        {
            BlockFetching(e);
            throw;
        }
        _named.GetValueOrDefault(line.Item)?.Follow(line);
    }

    /// <summary>Flushes lines that were logged without a flush to disk.</summary>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public void FlushLedger() => _ledger.Flush();

    /// <summary>Leaves a notice for the caller: why the run waits, or what it leaves undone.</summary>
    public void Notify(string notice) => _notices.Enqueue(SafeText.Of(notice));

    /// <summary>The notices of <see cref="Notify"/> that were not taken yet.</summary>
    public IEnumerable<string> TakeNotices()
    {
        while (_notices.TryDequeue(out string? notice)) yield return notice;
    }

    /// <summary>Adds a line whose loss does no harm, because the line before it is enough for the next run.</summary>
    public void TryLog(LedgerEvent line)
    {
        try
        {
            Log(line, flush: false);
        }
        catch (NbException)
        {
            // The failure stops the batch.
        }
    }

    /// <summary>Evaluates the nodes made from a node that has ended.</summary>
    /// <returns>Those that can be made now (pending), and those that cannot be made in this run.</returns>
    public IEnumerable<BatchNode> OnSourceEnded(BatchNode node)
    {
        foreach (BatchNode child in node.Children)
        {
            // Nodes that are not part of this run, or were decided before, stay unchanged.
            if (child.State != BatchItemState.Pending || !_nodes.Contains(child)) continue;
            _evaluation.Evaluate(child);
            if (child.State == BatchItemState.Blocked) LogBlocked(child);
            yield return child;
            if (child.State == BatchItemState.Pending) continue;
            foreach (BatchNode grandchild in OnSourceEnded(child)) yield return grandchild;
        }
    }

    /// <summary>Blocks everything that is still to be sent, if the run stops because of an error. The items are not
    /// recorded as failed, so the next run makes them.</summary>
    public IEnumerable<BatchNode> BlockPending()
    {
        if (StopReason?.Error is not { } error) yield break;
        foreach (BatchNode node in Nodes)
        {
            if (node.State != BatchItemState.Pending) continue;
            HoldBack(node, error);
            yield return node;
        }
    }

    /// <summary>Blocks an item for a reason outside of it. It is not recorded as failed, so the next run makes
    /// it.</summary>
    public static void HoldBack(BatchNode node, NbException why)
    {
        node.MarkBlocked(why.Target == node.Name ? why : BatchErrors.Stopped(node.Name, why));
    }

    /// <summary>Holds back everything made from an item that was held back.</summary>
    public IEnumerable<BatchNode> HoldBackChildren(BatchNode node, NbException why)
    {
        foreach (BatchNode child in node.Children.Where(child =>
            child.State == BatchItemState.Pending && _nodes.Contains(child)))
        {
            HoldBack(child, why);
            yield return child;
            foreach (BatchNode grandchild in HoldBackChildren(child, why)) yield return grandchild;
        }
    }

    /// <summary>Records what an answer cost, then saves its images and records that.</summary>
    /// <param name="node">The item.</param>
    /// <param name="images">The images of one answer.</param>
    /// <param name="cost">USD; null when unknown.</param>
    /// <param name="mode">How it was sent.</param>
    /// <param name="key">Hash of its inputs; null for the current ones.</param>
    /// <exception cref="NbException">The answer of a job could not be saved; the service still has it.</exception>
    public void Save(BatchNode node, ImmutableArray<NbImage> images, decimal? cost, BatchMode mode, string? key = null)
    {
        int? number = node.TryNumber;
        string suffix = ItemSaver.SuffixOf(node, number);
        NbImage image = images[^1];
        bool isReceived = false;
        try
        {
            images = images.SetItem(images.Length - 1, image = Saver.Stage(node, image));
            LogReceived(node, cost, mode, image);
            isReceived = true;
            NbImage saved = Saver.Save(node, images, suffix);
            node.MarkSucceeded(saved);
            LedgerEvent line = Saver.SavedLine(node, saved, key ?? node.ItemKey, mode, number);
            // If this line is lost, the next run finds the picture by its sidecar.
            TryLog(line);
        }
        catch (NbException e) when (mode == BatchMode.Live || e.Kind != NbErrorKind.WriteError)
        {
            if (!isReceived) LogReceived(node, cost, mode, image);
            // This picture is paid for and cannot be saved, so no more are bought until the folder can be written.
            if (e.Kind == NbErrorKind.WriteError) BlockFetching(e);
            // Sending it again needs consent, and the picture is still in memory.
            NbException error =
                BatchErrors.Unsaved(node.Name, ImageRescue.Save(image, Path.GetFileName(node.Stem), e), cost);
            node.MarkUncertain(error, image);
            LogUncertain(node, error);
        }
    }

    /// <summary>Saves the composed picture that replaces the model's own.</summary>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public NbImage SaveComposed(BatchNode node, NbImage made, NbImage composed)
    {
        TryRecord? record = node.Series.Of(made.Sha256);
        if (record?.Composed is { } old && Inside.Find(Destination, old.File) is { } path && File.Exists(path))
        {
            ItemSaver.SetAside(path);
        }
        // A run that ended right after saving it may have left no line of it.
        string left = Saver.TargetOf(node) + TryFiles.Suffix(record?.Number ?? 1) + composed.Format.Extension;
        if (IsComposedOf(left, made)) ItemSaver.SetAside(left);
        NbImage saved = Saver.Save(node, [composed], TryFiles.Suffix(record?.Number ?? 1));
        node.Show(saved);
        TryLog(Saver.SavedLine(node, saved, node.Series.ItemKey ?? node.ItemKey, Options.Mode, record?.Number,
            node.Protection));
        return saved;
    }

    private static bool IsComposedOf(string path, NbImage made)
    {
        if (!File.Exists(path)) return false;
        try
        {
            return ImageFile.Import(path).Derivation?.From == made.Sha256;
        }
        catch (NbException)
        {
            return false;
        }
    }

    /// <summary>Records the new place of an item's picture.</summary>
    public void LogMoved(BatchNode node, NbImage moved) => TryLog(Saver.SavedLine(node, moved,
        node.Series.ItemKey ?? node.ItemKey, Options.Mode, node.Series.Of(moved.Sha256)?.Number));

    /// <summary>Records the result and the cost of checking a picture.</summary>
    /// <param name="node">The item.</param>
    /// <param name="image">The picture with the result.</param>
    /// <param name="failure">Why it could not be checked; null when it was checked.</param>
    /// <param name="isKnown">Whether an earlier result still holds, so that nothing was paid in this run.</param>
    public void LogJudged(BatchNode node, NbImage image, NbException? failure, bool isKnown)
    {
        if (image.Verdict is not { } verdict) return;
        if (!isKnown)
        {
            lock (_gate) _cost += verdict.Cost ?? 0;
        }
        // A run that ended right after the answer may have left no line of its cost.
        bool isCounted = isKnown && node.Series.Of(image.Sha256)?.Judged is not null;
        TryLog(JudgedLine(node, image, failure, isCounted ? null : verdict.Cost, verdict.Try));
    }

    /// <summary>Records that all tries of an item have ended and the best one is in its place.</summary>
    public void MarkEnded(BatchNode node, Outcome outcome)
    {
        NbImage best = outcome.Images[^1];
        node.Show(best);
        node.Charge(node.Series.Cost ?? outcome.Cost);
        NbException? why = outcome.Unchecked
            ?? (node.Protection is not null && best.Derivation is null ? outcome.Unsaved.FirstOrDefault() : null)
            ?? (outcome.IsRejected ? JudgeErrors.Rejected(best, outcome.TryCount, node.Cost) : null);
        if (why is null) node.MarkSucceeded(best);
        else node.MarkRejected(why);
        // Recorded last, so that it takes precedence over the check of any other try.
        if (outcome.Tries.Length > 0 && best.Verdict is not null)
        {
            TryLog(JudgedLine(node, best, outcome.Unchecked, cost: null, outcome.TryCount));
        }
    }

    private static LedgerEvent JudgedLine(BatchNode node, NbImage image, NbException? failure, decimal? cost, int tries)
    {
        LedgerEvent line = image.Verdict!.IsAccepted
            ? new LedgerEvent { Kind = LedgerEventKind.Judged, Item = node.Name }
            : ErrorLine(LedgerEventKind.Judged, node, failure ?? JudgeErrors.Rejected(image, tries, cost));
        return line with
        {
            Model = image.Verdict.JudgeModel, Cost = cost, Sha256 = image.Sha256, Rule = node.Rule,
            Try = image.Verdict.Try,
        };
    }

    /// <summary>Records an answer without a picture, after which another try may succeed.</summary>
    public void MarkWithout(BatchNode node, NbException error, decimal? cost, BatchMode mode)
    {
        int? number = node.TryNumber;
        LogReceived(node, cost, mode, answer: error.AnswerId);
        TryLog(ErrorLine(LedgerEventKind.Retrying, node, error) with { Try = number });
    }

    /// <summary>The earlier tries at an item's picture, each with its picture if it still exists.</summary>
    /// <exception cref="NbException">None of their pictures exists any more.</exception>
    public ImmutableArray<Outcome> Recall(BatchNode node)
    {
        if (!node.IsContinued) return [];
        ImmutableArray<Outcome> all = [.. node.Series.Tries.Where(one => one is not { Made: null, Without: null })
            .Select(one => Recall(node, one))];
        return node.IsUnfinished && all.All(one => one.Images.IsEmpty)
            ? throw BatchErrors.PictureVanished(node.Name, node.Path ?? node.Stem) : all;
    }

    private Outcome Recall(BatchNode node, TryRecord one)
    {
        bool isAsComposed = one.Composed?.Rule == node.Protection;
        var outcome = new Outcome(Settlement.Answered) { Cost = 0, IsUncomposed = !isAsComposed };
        if ((isAsComposed ? one.Shown : one.Made) is not { } saved || Find(node, saved) is not { } path) return outcome;
        try
        {
            NbImage image = ImageFile.Import(path);
            bool isModelsOwn = node is { IsUnfinished: true, Protection: null } && one.Composed is not null;
            if (isModelsOwn) image = WithoutComposing(node, one, image);
            return outcome with { Images = [image] };
        }
        catch (NbException)
        {
            return outcome;
        }
    }

    // Nothing is composed any more, so the model's own picture gets the item's name again.
    private NbImage WithoutComposing(BatchNode node, TryRecord one, NbImage made)
    {
        if (Find(node, one.Composed!) is { } composed) ItemSaver.SetAside(composed);
        NbImage moved = TryFiles.TakePlace(made, TryFiles.OfModel);
        LogMoved(node, moved);
        return moved;
    }

    private string? Find(BatchNode node, LedgerEvent saved) =>
        Inside.Find(Destination, saved.File) is not { } path ? null
        : TryFiles.Find(Saver.TargetOf(node), path, saved.Sha256, saved.Length);

    public void MarkFailed(BatchNode node, NbException error, decimal? cost, BatchMode mode = BatchMode.Live)
    {
        if (cost is not null) LogReceived(node, cost, mode, answer: error.AnswerId);
        node.MarkFailed(error);
        TryLog(ErrorLine(LedgerEventKind.Failed, node, error));
    }

    /// <param name="node">The item.</param>
    /// <param name="error">Why.</param>
    /// <param name="isCounted">Whether its cost is recorded already, with a picture that was saved separately.</param>
    public void MarkUncertain(BatchNode node, NbException error, bool isCounted = false)
    {
        node.MarkUncertain(error);
        LogUncertain(node, error, isCounted);
    }

    /// <summary>Finds pictures of this run that were removed meanwhile: they were paid for, and are not bought again
    /// without being asked for.</summary>
    public IEnumerable<BatchNode> MarkVanished()
    {
        foreach (BatchNode node in Nodes)
        {
            if (node.State != BatchItemState.Succeeded || node.Path is not { } path || File.Exists(path)) continue;
            MarkUncertain(node, BatchErrors.PictureVanished(node.Name, path), isCounted: true);
            yield return node;
        }
    }

    /// <summary>Records the cost of an answer that belongs to no item.</summary>
    /// <param name="name">The name to record in place of an item's.</param>
    /// <param name="job">The job of the answer.</param>
    /// <param name="cost">USD; null when unknown.</param>
    /// <param name="answer">Identifies the answer, so that it is counted once.</param>
    public void LogKept(string name, JobRecord job, decimal? cost, string answer)
    {
        lock (_gate) _cost += cost ?? 0;
        TryLog(new LedgerEvent
        {
            Kind = LedgerEventKind.Received, Item = name, Model = job.Model, Mode = BatchMode.Batch, Job = job.Id,
                Cost = cost, Answer = answer,
        });
    }

    /// <summary>Records that a try may have been billed, whether or not the item succeeds later.</summary>
    public void LogUncertain(BatchNode node, NbException error, bool isCounted = false) =>
        TryLog(ErrorLine(LedgerEventKind.Uncertain, node, error) with { Estimate = isCounted ? null : node.Estimate });

    private void LogReceived(BatchNode node, decimal? cost, BatchMode mode, NbImage? image = null,
        string? answer = null)
    {
        lock (_gate) _cost += cost ?? 0;
        // After a crash between this line and the next, the results of the job are fetched again.
        if (node.Record?.Last is { Kind: LedgerEventKind.Received, Job: { } job } && job == node.Job) return;
        if (node.Record is { IsReceived: true, AnswerId: { } known } && known == node.AnswerId) return;
        TryLog(new LedgerEvent
        {
            Kind = LedgerEventKind.Received,
            Item = node.Name,
            ItemKey = node.ItemKey,
            Model = image?.Model ?? node.Model.Id,
            Mode = mode,
            Try = node.TryNumber,
            Job = node.Job,
            Estimate = node.Estimate,
            Cost = cost,
            Thinking = image?.Usage is null ? null : node.Model.Thinking.NameOf(node.Request.ThinkingLevel),
            Thoughts = image?.Usage is { } usage ? usage.ThoughtTokens
                + Math.Max(0, usage.CandidateTokens - (usage.ImageTokens ?? usage.CandidateTokens)) : null,
            Answer = image is null ? answer : ItemSaver.AnswerOf(image),
        });
    }

    private static LedgerEvent ErrorLine(LedgerEventKind kind, BatchNode node, NbException error) => new()
    {
        Kind = kind,
        Item = node.Name,
        ItemKey = node.ItemKey,
        Model = node.Model.Id,
        ErrorId = error.ErrorId,
        ErrorKind = error.Kind,
        Message = error.Message,
        Advice = error.Advice,
    };

    private void LogBlocked(BatchNode node) =>
        TryLog(new LedgerEvent { Kind = LedgerEventKind.Blocked, Item = node.Name, Message = node.Error?.Message,
            ErrorId = node.Error?.ErrorId });
}
