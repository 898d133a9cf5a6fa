using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Storage;

namespace NanoBanana.Batches;

/// <summary>What a manifest comes to: every item checked, with its price and where it stands. Nothing is sent and
/// nothing is written.</summary>
public sealed class BatchPlan
{
    private bool _isOpened;

    private BatchPlan(Manifest? manifest, ImageService service, BatchOptions options, string? destination)
    {
        Destination = destination is null ? null
            : SameName.Existing(Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination)));
        IsContinued = manifest is null;
        // Asked before the options are filled with what the folder says.
        IsWritten = manifest is not null || options.HasOverrides;
        manifest ??= Batch.Read(Destination ?? throw new ArgumentNullException(nameof(destination)));
        Options = options = options with { Edition = BatchEdition.Checked(options.Edition) ?? manifest.Edition };
        if (options.Approved) (manifest, options) = Promote(manifest, service, options);
        // What was approved for one edition is not final for another.
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
        Planner = new Planner(manifest, Service, options, Destination) { Learned = Learn() };
        Nodes = Planner.Plan();
        Manifest = Planner.AsRun();
    }

    /// <summary>The items that are asked for and those they are made from; sources first.</summary>
    public ImmutableArray<BatchItem> Items { get; private set; } = [];

    /// <summary>The items whose pictures are not what they should be, each with the reason.</summary>
    public ImmutableArray<StaleItem> Stale { get; private set; } = [];

    /// <summary>What looks like a mistake but stops nothing.</summary>
    public ImmutableArray<string> Warnings { get; private set; } = [];

    /// <summary>The same in numbers; its cost is what the pictures that are there did cost.</summary>
    public BatchSummary Summary { get; private set; } = null!;

    /// <summary>USD that what is not up to date is expected to cost; items of unknown price are left out.</summary>
    public decimal EstimatedCost => Items.Where(item => !item.HasImage).Sum(item => item.EstimatedCost ?? 0);

    /// <summary>The same with every try that there may be.</summary>
    public decimal MostCost =>
        Items.Where(item => !item.HasImage).Sum(item => item.MostCost ?? 0);

    /// <summary>Plans a manifest.</summary>
    /// <param name="manifest">What to make; null to go on with the folder's own.</param>
    /// <param name="service">Checks the requests; nothing is sent.</param>
    /// <param name="options">What to make of it; null for all of it, live.</param>
    /// <param name="destination">Full path of a batch's folder, to see what is up to date; null to plan as if nothing
    /// were made.</param>
    /// <exception cref="ArgumentNullException">Neither a manifest nor a folder was given.</exception>
    /// <exception cref="NbException">A request is wrong; see <see cref="Manifest.Load"/> for how several mistakes are
    /// told.</exception>
    public static BatchPlan Create(Manifest? manifest, ImageService service, BatchOptions? options = null,
        string? destination = null)
    {
        BatchPlan plan = Draft(manifest, service, options, destination);
        plan.Look();
        return plan;
    }

    /// <summary>Looks at an existing batch: what is stale, models that are switched off by now included.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="service">Checks the requests; nothing is sent.</param>
    /// <param name="edition">The edition to look for; null for the batch's own.</param>
    /// <param name="olderThan">The age from which on a picture is too old; null for none.</param>
    /// <exception cref="NbException">The folder holds no batch, or it cannot be read.</exception>
    public static BatchPlan LookAt(string destination, ImageService service, string? edition = null,
        TimeSpan? olderThan = null) => Create(Batch.Read(destination), service, new BatchOptions
        {
            Edition = edition, OlderThan = olderThan, IsLookingBack = true,
        }, destination);

    /// <summary>The service that checked the requests, and will be asked.</summary>
    internal ImageService Service { get; }

    internal BatchOptions Options { get; }

    /// <summary>Full path of the batch's folder; null where there is none.</summary>
    internal string? Destination { get; }

    /// <summary>What is made, with the options that were asked for instead of its own.</summary>
    internal Manifest Manifest { get; }

    /// <summary>Whether the manifest is the folder's own.</summary>
    internal bool IsContinued { get; }

    /// <summary>Whether a run writes the folder's manifest: it was given another one, or other options.</summary>
    internal bool IsWritten { get; }

    internal Planner Planner { get; }

    internal ImmutableArray<BatchNode> Nodes { get; }

    /// <summary>Pictures that were looked at.</summary>
    internal Dictionary<PictureLook, PictureState> Seen { get; } = [];

    // What was read, and what the folder looked like then.
    private (string Stamp, LedgerFile Ledger)? Read { get; set; }

    /// <summary>Plans without looking at what is there.</summary>
    internal static BatchPlan Draft(
        Manifest? manifest, ImageService service, BatchOptions? options, string? destination) =>
        new(manifest, service, options ?? new BatchOptions(), destination);

    /// <summary>The ledgers of the folder, read again only where they have changed.</summary>
    /// <exception cref="NbException">One cannot be read.</exception>
    internal LedgerFile ReadLedger()
    {
        string stamp = LedgerFile.StampOf(Destination!);
        if (Read is not { } read || read.Stamp != stamp) Read = read = (stamp, LedgerFile.ReadAll(Destination!));
        return read.Ledger;
    }

    /// <summary>Hands the plan to the batch that makes it. Its nodes change then: it cannot be opened again.</summary>
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
            // Whoever needs the ledger reports it.
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
            // While another process works on it, items in flight are running, not uncertain.
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
