using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Storage;

namespace NanoBanana.Batches;

/// <summary>The plan of a manifest: every item checked, with its price and state. Planning sends and writes
/// nothing.</summary>
public sealed class BatchPlan
{
    private bool _isOpened;

    private BatchPlan(Manifest? manifest, ImageService service, BatchOptions options, string? destination)
    {
        Destination = destination is null ? null
            : SameName.Existing(Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination)));
        IsContinued = manifest is null;
        // Read before the options are completed from the folder's manifest.
        IsWritten = manifest is not null || options.HasOverrides;
        manifest ??= Batch.Read(Destination ?? throw new ArgumentNullException(nameof(destination)));
        Options = options = options with { Edition = BatchEdition.Checked(options.Edition) ?? manifest.Edition };
        if (options.Approved) (manifest, options) = Promote(manifest, service, options);
        // An approval for one edition does not apply to another.
        else if (Options.Edition != manifest.Edition) manifest = WithoutFinals(manifest);
        Options = options;
        if (!options.Webhooks.IsEmpty) manifest = manifest with { Webhooks = options.Webhooks };
        Options = options = options with { Webhooks = manifest.Webhooks };
        if (manifest.Webhooks.FirstOrDefault(address => !IsWebhook(address)) is { } wrong)
        {
            throw BatchErrors.InvalidWebhook(wrong);
        }
        Service = options.Over(service, manifest);
        if (options.IsLookingBack) Service = Service.LookingBack();
        Planner = new Planner(manifest, Service, options, Destination)
        {
            Learned = Learn(),
            IsContinued = IsContinued,
        };
        Nodes = Planner.Plan();
        Manifest = Planner.AsRun();
    }

    /// <summary>The requested items and their sources; sources come first.</summary>
    public ImmutableArray<BatchItem> Items { get; private set; } = [];

    /// <summary>The items whose pictures are out of date, each with the reason.</summary>
    public ImmutableArray<StaleItem> Stale { get; private set; } = [];

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings { get; private set; } = [];

    /// <summary>The numbers of the plan; its cost is that of the existing pictures.</summary>
    public BatchSummary Summary { get; private set; } = null!;

    /// <summary>The items that a run of this plan sends. Items that are uncertain, failed or rejected, and items that
    /// wait for them, are sent only if the options say so.</summary>
    public IEnumerable<BatchItem> ToSend => Items.Where(item => item.State == BatchItemState.Pending);

    /// <summary>Expected cost of the sent items in USD; items of unknown price are left out.</summary>
    public decimal EstimatedCost => ToSend.Sum(item => item.EstimatedCost ?? 0);

    /// <summary>Usual upper bound of that cost, as a budget counts it: with long thoughts and all tries.</summary>
    public decimal MostCost
    {
        get
        {
            var budget = new Budget(null, null);
            decimal factor = Options.Mode == BatchMode.Batch ? Service.Catalog.BatchPriceFactor : 1;
            return Nodes.Zip(Items).Where(pair => pair.Second.State == BatchItemState.Pending)
                .Sum(pair => pair.Second.MostCost is not > 0 ? 0 : pair.Second.MostCost.Value
                    + (budget.UsualCost(0, pair.First.Model, factor) * pair.First.TriesLeft));
        }
    }

    /// <summary>Plans a manifest.</summary>
    /// <param name="manifest">What to make; null for the folder's own manifest.</param>
    /// <param name="service">Checks the requests; nothing is sent.</param>
    /// <param name="options">The options; null to make everything live.</param>
    /// <param name="destination">Full path of a batch's folder, to see what is up to date; null to plan as if nothing
    /// had been made.</param>
    /// <exception cref="ArgumentNullException">Neither a manifest nor a folder was given.</exception>
    /// <exception cref="NbException">A request is wrong; <see cref="Manifest.Load"/> explains how several mistakes are
    /// reported.</exception>
    public static BatchPlan Create(Manifest? manifest, ImageService service, BatchOptions? options = null,
        string? destination = null)
    {
        BatchPlan plan = Draft(manifest, service, options, destination);
        plan.Look();
        return plan;
    }

    /// <summary>Plans an existing batch to find what is stale, including pictures of models that have been retired
    /// since.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="service">Checks the requests; nothing is sent.</param>
    /// <param name="edition">The edition; null for the batch's own.</param>
    /// <param name="olderThan">The age from which a picture is too old; null for no limit.</param>
    /// <exception cref="NbException">The folder holds no batch, or it cannot be read.</exception>
    public static BatchPlan LookAt(string destination, ImageService service, string? edition = null,
        TimeSpan? olderThan = null) => Create(Batch.Read(destination), service, new BatchOptions
        {
            Edition = edition, OlderThan = olderThan, IsLookingBack = true,
        }, destination);

    /// <summary>The service that checked the requests and will receive them.</summary>
    internal ImageService Service { get; }

    internal BatchOptions Options { get; }

    /// <summary>Full path of the batch's folder; null when there is none.</summary>
    internal string? Destination { get; }

    /// <summary>The manifest to make, with the run's options applied.</summary>
    internal Manifest Manifest { get; }

    /// <summary>Whether the manifest is the folder's own.</summary>
    internal bool IsContinued { get; }

    /// <summary>Whether a run writes the folder's manifest: it was given another one, or other options.</summary>
    internal bool IsWritten { get; }

    internal Planner Planner { get; }

    internal ImmutableArray<BatchNode> Nodes { get; }

    /// <summary>Pictures that were looked at.</summary>
    internal Dictionary<PictureLook, PictureState> Seen { get; } = [];

    // The ledgers as read, with the state of the folder at that time.
    private (string Stamp, LedgerFile Ledger)? Read { get; set; }

    /// <summary>Plans without looking at existing pictures.</summary>
    internal static BatchPlan Draft(
        Manifest? manifest, ImageService service, BatchOptions? options, string? destination) =>
        new(manifest, service, options ?? new BatchOptions(), destination);

    /// <summary>The ledgers of the folder, read again only when they have changed.</summary>
    /// <exception cref="NbException">One cannot be read.</exception>
    internal LedgerFile ReadLedger()
    {
        string stamp = LedgerFile.StampOf(Destination!);
        if (Read is not { } read || read.Stamp != stamp) Read = read = (stamp, LedgerFile.ReadAll(Destination!));
        return read.Ledger;
    }

    /// <summary>Hands the plan over to the batch that makes it. The batch changes its nodes, so it cannot be opened
    /// again.</summary>
    /// <exception cref="InvalidOperationException">It has no destination, or was opened before.</exception>
    internal void TakeForRun()
    {
        if (Destination is null) throw new InvalidOperationException("The plan has no destination.");
        if (_isOpened) throw new InvalidOperationException("The plan was opened before.");
        _isOpened = true;
    }

    private (Manifest, BatchOptions) Promote(Manifest manifest, ImageService service, BatchOptions options)
    {
        string folder = Destination ?? throw new ArgumentException("What is approved lies in a folder.");
        LedgerFile ledger = ReadLedger();
        return Promotion.Of(manifest, options, folder, ItemRecord.Fold(ledger.EventsFor(service.IsOffline)));
    }

    private static Manifest WithoutFinals(Manifest manifest) => manifest.Items.Any(Promotion.IsFinal)
        ? manifest with { Items = [.. manifest.Items.Where(item => !Promotion.IsFinal(item))] } : manifest;

    private LearnedThinking? Learn()
    {
        if (Destination is null || !Directory.Exists(Destination)) return null;
        try
        {
            return new LearnedThinking(ReadLedger().EventsFor(Service.IsOffline));
        }
        catch (NbException)
        {
            // Ignored here: reading the ledger later reports the error.
            return null;
        }
    }

    private static bool IsWebhook(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps;

    private void Look()
    {
        LedgerFile ledger = Destination is null ? new LedgerFile([], 0, false, []) : ReadLedger();
        Dictionary<string, ItemRecord> records = ItemRecord.Fold(ledger.EventsFor(Service.IsOffline));
        OrphanFinder? orphans = Directory.Exists(Destination) ? new OrphanFinder(Destination, Service, records.Values)
            : null;
        var evaluation =
            new Evaluation(Destination, Options, ItemRecord.LeftOver(records, Manifest), orphans, Seen);
        bool isLocked = Destination is not null && BatchLock.IsHeld(Destination);
        foreach (BatchNode node in Nodes)
        {
            node.Recall(records.GetValueOrDefault(node.Name));
            evaluation.Evaluate(node);
            // While another process works on the batch, its items in flight are running, not uncertain.
            if (isLocked && (node.State == BatchItemState.Uncertain || node.AnswerId is not null)
                && node.Record!.IsInFlight)
            {
                node.MarkRunning();
            }
        }
        Items = [.. Nodes.Select(node => node.ToItem())];
        var staleness = new Staleness(Options, Service.Catalog);
        Stale = [.. from pair in Nodes.Zip(Items)
            let node = pair.First
            let why = staleness.Of(node)
            where why is not null
            select new StaleItem
            {
                Name = node.Name,
                Reason = why,
                State = node.State,
                MadeAt = node.Record?.SavedAt,
                Model = node.Record?.Saved?.Model,
                Path = evaluation.PathOf(node),
                EstimatedCost = pair.Second.EstimatedCost,
                Destination = Destination ?? "",
            }];
        Summary = BatchSummary.Of(Nodes, Items.Sum(item => item.Cost ?? 0), TimeSpan.Zero);
        Warnings =
            [.. Manifest.Warnings, .. Planner.Warnings, .. ledger.Warnings, .. evaluation.Warnings(Nodes)];
    }
}
