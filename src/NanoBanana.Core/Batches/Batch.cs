using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Runs;
using NanoBanana.Generation;
using NanoBanana.Storage;

namespace NanoBanana.Batches;

/// <summary>A batch is a folder: the manifest as run (batch.json), the ledger, the pictures and their sidecars. Opening
/// it again, here or on another machine, continues where it stopped.</summary>
public sealed class Batch : IDisposable
{
    /// <summary>Name of the manifest as run.</summary>
    public const string ManifestName = ManifestWriter.FileName;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly BatchLock _lock;
    private readonly StopSign _stopSign;
    private readonly Ledger _ledger;
    private readonly BatchRun _run;
    private long? _started;
    private TimeSpan? _elapsed;

    private Batch(
        string destination, Manifest manifest, BatchLock held, StopSign stopSign, Ledger ledger, BatchRun run,
            ImmutableArray<string> warnings)
    {
        Destination = destination;
        Manifest = manifest;
        Warnings = warnings;
        _lock = held;
        _stopSign = stopSign;
        _ledger = ledger;
        _run = run;
        _stopSign.Watch(Stop);
    }

    /// <summary>Full path of the folder.</summary>
    public string Destination { get; }

    /// <summary>The manifest.</summary>
    public Manifest Manifest { get; }

    /// <summary>Warnings about the manifest and the ledger.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The current state of every item; sources come first.</summary>
    public IReadOnlyList<BatchItem> Items => _run.Nodes.Select(node => node.ToItem()).ToArray();

    /// <summary>The current numbers of the batch.</summary>
    public BatchSummary Summary => BatchSummary.Of(_run.Nodes, _run.Cost, Elapsed);

    /// <summary>Why nothing more is sent: the run was asked to stop, or every other request would fail too. Null while
    /// requests are sent.</summary>
    public StopReason? StopReason => _run.StopReason;

    /// <summary>Notices of the run that belong to no item, such as why it waits for a job. Each is returned once;
    /// thread-safe.</summary>
    public IEnumerable<string> TakeNotices() => _run.TakeNotices();

    /// <summary>Opens a folder to make a manifest in it, or to continue with its own manifest. Nothing is sent
    /// yet.</summary>
    /// <param name="destination">Full path of the folder; created when missing.</param>
    /// <param name="service">The service. It is not disposed with the batch.</param>
    /// <param name="manifest">What to make; null for the folder's own manifest.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="NbException">The manifest is wrong (nothing was created then), the folder holds no batch,
    /// cannot be written,
    /// or another process works on it (Nb.Batch.Locked).</exception>
    public static Batch Open(string destination, ImageService service, Manifest? manifest = null,
        BatchOptions? options = null)
    {
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        options ??= new BatchOptions();
        CheckFolder(destination, isWritten: manifest is not null || options.HasOverrides);
        return OpenChecked(BatchPlan.Draft(manifest, service, options, destination));
    }

    /// <summary>Opens the folder of a plan to make what was planned. Nothing is planned again, and nothing is sent
    /// yet.</summary>
    /// <param name="plan">A plan with a destination; it can be opened once.</param>
    /// <exception cref="NbException">The folder cannot be written, or another process works on it
    /// (Nb.Batch.Locked).</exception>
    /// <exception cref="InvalidOperationException">The plan has no destination, or was opened before.</exception>
    public static Batch Open(BatchPlan plan)
    {
        CheckFolder(plan.Destination ?? "", isWritten: plan.IsWritten);
        return OpenChecked(plan);
    }

    private static Batch OpenChecked(BatchPlan plan)
    {
        plan.TakeForRun();
        string destination = plan.Destination!;
        (ImageService service, BatchOptions options, Manifest manifest) = (plan.Service, plan.Options, plan.Manifest);
        ImmutableArray<BatchNode> nodes = plan.Nodes;
        var store = new BlobStore(destination);
        // Read before others can see the lock, because from then on they may send stop requests.
        var stopSign = new StopSign(destination);
        BatchLock held = BatchLock.Take(destination, options.Shard);
        Ledger? ledger = null;
        try
        {
            LedgerFile known = plan.ReadLedger();
            // Asked while nobody else can spend of it, and before anything is written.
            if (options.MaxCostOnceHeld is { } left) options = options with { MaxCost = left() };
            ledger = Ledger.Open(Path.Combine(destination, Ledger.NameOf(options.Shard)), options.TimeProvider,
                known.Events.Count > 0 ? known.Events[^1].At : default, service.IsOffline);
            if (options.Shard is null) RemoveLeftovers(destination, store);
            Dictionary<string, ItemRecord> records = ItemRecord.Fold(known.EventsFor(service.IsOffline));
            CheckJobs(destination, service);
            var orphans = new OrphanFinder(destination, service, records.Values);
            var evaluation =
                new Evaluation(destination, options, ItemRecord.LeftOver(records, manifest), orphans, plan.Seen);
            var run = new BatchRun(nodes, service, options, ledger, evaluation, destination)
            {
                Rules = plan.Planner.Rules,
            };
            Dictionary<string, ItemRecord> rehearsed =
                ItemRecord.Fold(service.IsOffline ? [] : known.Events.Where(line => line.IsRehearsal));
            foreach (BatchNode node in nodes) node.RecallRehearsal(rehearsed.GetValueOrDefault(node.Name)?.Saved);
            Resume(run, records);
            foreach (LedgerEvent line in evaluation.Found) run.Log(line, flush: false);
            string[] warnings =
                [.. manifest.Warnings, .. plan.Planner.Warnings, .. known.Warnings, .. evaluation.Warnings(nodes)];
            // A rehearsal does not move real pictures.
            if (!service.IsOffline) new Relocation(run).MoveAll();
            plan.Planner.Pictures.Keep();
            if (plan.IsWritten) WriteManifest(destination, manifest, plan.Planner, store);
            foreach (BatchNode node in nodes)
            {
                if (node.State == BatchItemState.Pending
                    && (node.IsForced || node.Record?.Planned is not { } planned || planned.ItemKey != node.ItemKey
                    || planned.Mode != options.Mode || planned.Edition != options.Edition))
                {
                    run.Log(new LedgerEvent
                    {
                        Kind = LedgerEventKind.Planned,
                        Item = node.Name,
                        ItemKey = node.ItemKey,
                        Model = node.Model.Id,
                        Mode = options.Mode,
                        Edition = options.Edition,
                        // Recorded, so that a run after a stop makes it too.
                        IsForced = node.IsForced,
                        Estimate = node.Estimate,
                    }, flush: false);
                }
            }
            return new Batch(destination, manifest, held, stopSign, ledger, run, [.. warnings]);
        }
        catch
        {
            ledger?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>The manifest of an existing batch.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <exception cref="NbException">The folder holds no batch, or its manifest cannot be read.</exception>
    public static Manifest Read(string destination)
    {
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        string path = Path.Combine(destination, ManifestName);
        Inside.Check(destination, path);
        // Opening a pipe with this name would wait forever.
        return File.Exists(path) && !Disk.HasNoBytes(path) ? Manifest.Load(path)
            : throw BatchErrors.NotFound(destination);
    }

    /// <summary>Whether a process works on a batch now: this process, another one, or a shard.</summary>
    /// <param name="destination">Full path of its folder.</param>
    public static bool IsLocked(string destination) => BatchLock.IsHeld(Path.GetFullPath(destination));

    /// <summary>Yields the progress of a batch repeatedly while a process works on it; the last value is the
    /// result.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="service">Checks and prices the items; nothing is sent.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <exception cref="NbException">The folder holds no batch, or it cannot be read.</exception>
    public static async IAsyncEnumerable<BatchPlan> WatchAsync(
        string destination, ImageService service,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isLocked;
        do
        {
            isLocked = IsLocked(destination);
            if (isLocked && !File.Exists(Path.Combine(destination, ManifestName)))
            {
                // A process that has just started has not written its manifest yet.
                await Task.Delay(LookEvery, cancellationToken).ConfigureAwait(false);
                continue;
            }
            long began = Stopwatch.GetTimestamp();
            yield return BatchPlan.Create(Read(destination), service, destination: destination);
            // The longer reading takes, the less often it is repeated.
            if (isLocked)
            {
                await Task.Delay(LookEvery + (3 * Stopwatch.GetElapsedTime(began)), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        while (isLocked);
    }

    /// <summary>Whether a folder holds a batch.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, ManifestName));

    /// <summary>Joins the ledgers of shards into one after all have ended. This is optional housekeeping.</summary>
    /// <param name="destination">Full path of the folder.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <returns>How many ledgers were joined to the whole batch's own.</returns>
    /// <exception cref="NbException">A shard still works on it (Nb.Batch.Locked), or a ledger cannot be read or
    /// written.</exception>
    public static int Merge(string destination, TimeProvider? time = null)
    {
        destination = Path.GetFullPath(destination);
        if (!IsAt(destination)) throw BatchErrors.NotFound(destination);
        CheckFolder(destination, isWritten: false);
        if (!Ledger.IsSplit(destination)) return 0;
        using BatchLock held = BatchLock.Take(destination, shard: null);
        return Ledger.Merge(destination, time ?? TimeProvider.System);
    }

    /// <summary>Makes what is not up to date, and yields every item: first those that need nothing, then every change.
    /// A failed item does not end the run. A caller that stops pulling cancels what is in flight; <see cref="Stop"/>
    /// lets it finish.</summary>
    /// <param name="cancellationToken">Cancels everything at once; items in flight are then uncertain.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken =
        default)
    {
        _started = _run.Options.TimeProvider.GetTimestamp();
        foreach (BatchNode node in _run.Nodes)
        {
            if (node.State != BatchItemState.Pending) yield return node.ToItem();
        }
        if (_run.Nodes.Any(node => node.State == BatchItemState.Pending))
        {
            await _run.Rules.DemandJudgesAsync(cancellationToken).ConfigureAwait(false);
        }
        await foreach (BatchItem item in WorkAsync(cancellationToken).ConfigureAwait(false)) yield return item;
        foreach (BatchNode node in _run.MarkVanished()) yield return node.ToItem();
        try
        {
            // A shard knows only its own cells, so it does not write the file.
            if (_run.Options is { Only.IsDefaultOrEmpty: true, Shard: null }) MatrixFile.Write(Destination, _run.Nodes);
        }
        catch (NbException e)
        {
            // A failure is only a warning, because the pictures exist.
            _run.Notify(e.Message);
        }
    }

    private async IAsyncEnumerable<BatchItem> WorkAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Answers already paid for are fetched first, in both modes.
        if (_run.Options.Mode == BatchMode.Batch
            && _run.Nodes.Any(node => node.AnswerId is not null || node.IsUnfinished))
        {
            await foreach (BatchItem item in new LiveRunner(_run, isFetching: true).RunAsync(cancellationToken)
                .ConfigureAwait(false)) yield return item;
        }
        if (_run.Options.Mode == BatchMode.Live)
        {
            await foreach (BatchItem item in new LiveRunner(_run).RunAsync(cancellationToken)
                .ConfigureAwait(false)) yield return item;
        }
        // Also in live mode when an earlier run left jobs at the service: their results are paid for.
        if (_run.Options.Mode == BatchMode.Batch || _run.Nodes.Any(node => node.State == BatchItemState.Submitted))
        {
            await foreach (BatchItem item in new GeminiJobRunner(_run).RunAsync(cancellationToken)
                .ConfigureAwait(false)) yield return item;
            if (_run.Options.Mode == BatchMode.Batch) yield break;
            await foreach (BatchItem item in new LiveRunner(_run).RunAsync(cancellationToken)
                .ConfigureAwait(false)) yield return item;
        }
    }

    /// <summary>Sends nothing new; <see cref="RunAsync"/> ends when everything in flight has ended.
    /// Thread-safe.</summary>
    /// <param name="cancelJobs">Whether the service should end this batch's jobs too. Results made until then are
    /// billed, so they are fetched first.</param>
    public void Stop(bool cancelJobs = false) =>
        _run.Stop(new StopReason { IsAsked = true, CancelsJobs = cancelJobs });

    /// <summary>Asks all processes and shards that work on a batch to stop, as if <see cref="Stop"/> were called there.
    /// They react within a second; <see cref="WatchAsync"/> ends when they have ended.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="cancelJobs">Whether the service should end the batch's jobs too.</param>
    /// <exception cref="NbException">The folder cannot be written.</exception>
    public static void AskToStop(string destination, bool cancelJobs)
    {
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        CheckFolder(destination, isWritten: false);
        StopSign.Ask(destination, cancelJobs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _elapsed ??= Elapsed;
        _stopSign.Dispose();
        _ledger.Dispose();
        _lock.Dispose();
    }

    // Stops counting when the work has ended.
    private TimeSpan Elapsed =>
        _elapsed ?? (_started is { } began ? _run.Options.TimeProvider.GetElapsedTime(began) : TimeSpan.Zero);

    // The folder may come from somebody else: it may contain links, or foreign files with names that a batch needs.
    private static void CheckFolder(string destination, bool isWritten)
    {
        string manifest = Path.Combine(destination, ManifestName);
        try
        {
            if (!Directory.Exists(destination)) return;
            Inside.CheckStore(destination);
            Inside.Check(destination, manifest);
            string ledger = Path.Combine(destination, Ledger.FileName);
            LedgerFile written = LedgerFile.ReadExtent(ledger);
            if (!written.IsOurs) throw FileErrors.Foreign(ledger);
            if (isWritten && written.GoodLength == 0 && File.Exists(manifest)
                && !ManifestWriter.IsOurs(Disk.HasNoBytes(manifest) ? [] : File.ReadAllBytes(manifest)))
            {
                throw FileErrors.Foreign(manifest);
            }
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(destination, e);
        }
    }

    // A rehearsal cannot fetch results of the real service, and would give them up.
    private static void CheckJobs(string destination, ImageService service)
    {
        if (!service.IsOffline) return;
        int real = new JobStore(destination).ReadAll()
            .Count(job => job.Address is { } address && address != service.Client.Endpoint.BaseUri.Authority);
        if (real > 0) throw JobErrors.OfflineWithRealJobs(destination, real);
    }

    // Applies the ledger to the plan, and closes what an earlier process left open.
    private static void Resume(BatchRun run, Dictionary<string, ItemRecord> records)
    {
        HashSet<string> recorded = [.. records.Values
            .SelectMany(record => record.Series.Files.Append(record.Saved))
            .Select(saved => saved?.File).OfType<string>()
            .Select(file => Inside.Find(run.Destination, file)).OfType<string>()];
        IReadOnlyList<JobRecord> open = new JobStore(run.Destination).ReadAll();
        HashSet<string> jobs = [.. open.Select(job => job.Id)];
        foreach (BatchNode node in run.Nodes)
        {
            node.Recall(records.GetValueOrDefault(node.Name));
            // The line in the ledger was damaged; the job's own file still names the item.
            if (node.Record is { IsInFlight: true, Submitted: { Job: null, Mode: BatchMode.Batch } sent } known
                && known.Last!.Kind == LedgerEventKind.Submitted
                && open.LastOrDefault(job => job.Items.Any(item => item.Name == node.Name)) is { } own)
            {
                known.Add(sent with { Job = own.Id });
            }
            if (node.Record is { Submitted: { } submitted } record
                && (record.IsInFlight || record.Last!.Kind == LedgerEventKind.Uncertain))
            {
                Close(run, node, record, submitted, recorded, 
                    isComing: record.AnswerId is not null || (submitted.Job is { } job && jobs.Contains(job)));
            }
            run.Evaluate(node);
        }
    }

    /// <summary>Ends items that were in flight, unless their job is known and its results are still to come.</summary>
    private static void Close(
        BatchRun run, BatchNode node, ItemRecord record, LedgerEvent submitted, HashSet<string> recorded, bool isComing)
    {
        var lines = new List<LedgerEvent>();
        if (run.Saver.FindSaved(node, submitted, recorded) is { } image)
        {
            if (!record.IsReceived)
            {
                lines.Add(submitted with { Kind = LedgerEventKind.Received, Cost = image.Cost,
                    Answer = ItemSaver.AnswerOf(image) });
            }
            lines.Add(run.Saver.SavedLine(node, image, submitted.ItemKey, submitted.Mode ?? BatchMode.Live,
                submitted.Try));
        }
        else if (!isComing && record.IsInFlight)
        {
            NbException error = BatchErrors.Uncertain(node.Name, submitted.At);
            lines.Add(submitted with
            {
                Kind = LedgerEventKind.Uncertain,
                ErrorId = error.ErrorId,
                ErrorKind = error.Kind,
                Message = error.Message,
                Advice = error.Advice,
            });
        }
        foreach (LedgerEvent line in lines)
        {
            run.Log(line);
            record.Add(line);
        }
    }

    // Removes requests that were never uploaded, and incomplete pictures older than a day, because another process may
    // be saving into this folder now.
    private static void RemoveLeftovers(string destination, BlobStore store)
    {
        DateTime recent = DateTime.UtcNow - TimeSpan.FromDays(1);
        IEnumerable<string> halves = !Directory.Exists(store.TemporaryFolder) ? []
            : Directory.GetFiles(store.TemporaryFolder)
            .Where(file =>
            !Path.GetFileName(file).StartsWith(ItemSaver.StagedPrefix, StringComparison.Ordinal)
            && !Path.GetFileName(file).StartsWith(BlobSink.ArrivedPrefix, StringComparison.Ordinal)
            && !Path.GetFileName(file).StartsWith(BlobSink.ArrivingPrefix, StringComparison.Ordinal)
            && File.GetLastWriteTimeUtc(file) < recent);
        foreach (string file in new JobStore(destination).Inputs.Concat(halves))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                // A later run tries again.
            }
        }
    }

    private static void WriteManifest(string destination, Manifest manifest, Planner planner, BlobStore store)
    {
        string path = Path.Combine(destination, ManifestName);
        try
        {
            var text = new ManifestWriter(manifest, destination, planner.Pictures, planner.Dependencies);
            // The file's time is kept as the time of the last change.
            if (File.Exists(path) && SameBytes.Are(path, text.Write)) return;
            AtomicFile.Write(path, store.TemporaryFolder, overwrite: true, text.Write);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    /// <summary>The folder and the batch in numbers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Destination}: {Summary}");
}
