using System.Collections;
using System.Globalization;
using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Reports;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Makes every image of a manifest, or of piped rows, that is not up to date; a folder that holds a batch goes
/// on.</summary>
[Cmdlet(VerbsLifecycle.Start, "NbBatch", SupportsShouldProcess = true, DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(NbBatch))]
public sealed class StartNbBatchCommand : BatchCmdlet
{
    private const string ObjectSet = "Object";
    private const string ManifestSet = "Manifest";

    private readonly List<object> _objects = [];

    /// <summary>Prompts, or rows with the properties of a manifest's item (name, prompt, aspectRatio, from, edit ...),
    /// or one manifest's file. Left out, the folder's own batch continues.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    [AllowNull]
    public object[]? InputObject { get; set; }

    /// <summary>A manifest, JSON or JSON lines.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ManifestSet)]
    public string Manifest { get; set; } = "";

    /// <summary>The folder of the batch; created when missing.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>Live: a call an item, now. Batch: jobs at half price, within a day.</summary>
    [Parameter]
    public BatchMode Mode { get; set; } = BatchMode.Live;

    /// <summary>How many calls may be in flight at once; the number falls when the service refuses calls as too
    /// many.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>USD that this run may cost, calls in flight included.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCost { get; set; }

    /// <summary>What -MaxCost applies to: this run (Session), or everything spent in the folder in a Day, Week or Month
    /// of UTC, as counted by Get-NbUsage.</summary>
    [Parameter]
    public SpendingPeriod Per { get; set; }

    /// <summary>Most calls begun within any minute.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>Most USD spent on calls begun within any minute.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCostPerMinute { get; set; }

    /// <summary>Names of the items to make, wildcards allowed; their sources are made too.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemCompleter))]
    public string[] Only { get; set; } = [];

    /// <summary>Try items again that gave no image before.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Send items again that may have been billed without an answer.</summary>
    [Parameter]
    public SwitchParameter ResendUncertain { get; set; }

    /// <summary>The edition to make, such as 2026-W48 or a date: items made for it are up to date, all others are made.
    /// Later runs on the folder keep it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Edition { get; set; }

    /// <summary>Make every item in each of these values, and in every combination of several:
    /// @{ light = 'dawn', 'dusk'; style = 'ink', 'photo' }. {light} in a prompt is filled, the name of an option is
    /// set, anything else is added to the prompt.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Vary { get; set; }

    /// <summary>Make items again that are older than this, such as 12h, 7d or 2w.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OlderThan { get; set; }

    /// <summary>Make the final of every picture that was approved in a review, with -Model and -Size, and nothing else.
    /// Each is made from that very picture, with its anchors, and the reviewer's note as the edit.</summary>
    [Parameter]
    public SwitchParameter Approved { get; set; }

    /// <summary>Make items again that are up to date. The next run finishes a run that was stopped, with or without
    /// -Force.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>This machine's part of the manifest, such as 2/8.</summary>
    [Parameter]
    public string? Shard { get; set; }

    /// <summary>The model for every item, overriding the manifest. Later runs on the folder keep it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The size of every picture, such as 4K, overriding the manifest. Later runs on the folder keep
    /// it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SizeCompleter))]
    public string? Size { get; set; }

    /// <summary>The service's tier for every item, overriding the manifest, which sets speed and price: standard, flex
    /// (half the price, within minutes, without a job) or priority. Jobs have a price of their own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionCompleter))]
    public string? ServiceTier { get; set; }

    /// <summary>Folder of a library of anchors that items may name; the session's anchors are there too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>HTTPS addresses that the service notifies when a job has ended, with -Mode Batch. Later runs on the
    /// folder keep them.</summary>
    [Parameter]
    public string[] Webhook { get; set; } = [];

    /// <summary>Wait until it is done; without it the work continues in the background.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _objects.AddRange(InputObject?.Where(row => row is not null) ?? []);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = Demand(() => Paths.Full(Destination));
        Manifest? manifest = Demand(() => ReadManifest(folder));
        BatchOptions options = Demand(() => Options(folder));
        var log = new BatchLog();
        // -WhatIf needs no key, and mistakes in the manifest are reported before a missing key.
        _ = KnownConnection;
        ImageService service = log.Observe(Planner);
        BatchPlan plan = Demand(() => BatchPlan.Create(
            manifest, service, options, folder));
        // Checked before anything is paid for.
        foreach (string warning in plan.Warnings) WriteWarning(warning);
        string deed = Description(plan, folder);
        if (!Confirmation.ApprovesSentence(this, deed, "Start batch", force: false))
        {
            Confirmation.TellStorage(this, "Start batch");
            return;
        }
        if (!new CostQuestion(this, KnownConnection, MaxCost is not null).Allows(plan.MostCost)) return;

        // Without a key the pipeline ends here.
        _ = OpenConnection;
        Batch opened = Demand(() => Batch.Open(plan));
        NbBatch batch = NbBatch.Start(opened, log);
        RunspaceState.Current.Batches.Add(batch);
        if (Wait) AwaitEnd(batch);
        WriteObject(batch);
    }

    private Manifest? ReadManifest(string folder)
    {
        bool none = ParameterSetName == ObjectSet && _objects.Count == 0 && !MyInvocation.ExpectingInput;
        if (none) return Vary is null ? null : throw BatchErrors.VaryWithoutManifest();
        return ReadManifest(ParameterSetName == ManifestSet ? Manifest : null, _objects,
            read => read.Varied(VaryInput.Axes(Vary)), Library, folder);
    }

    // After Ctrl+C the calls in flight finish in the background: they are paid for.
    private void AwaitEnd(NbBatch batch)
    {
        bool ended = false;
        try
        {
            ended = WaitFor(batch);
        }
        finally
        {
            if (!ended)
            {
                batch.Stop(cancelJobs: false);
                LateNotice.Say(this, RunspaceState.Current,
                    $"The batch in {batch.Destination} is stopped. What is in flight is saved; "
                    + "Start-NbBatch -Destination goes on with the rest.");
            }
        }
        ReportFailures(batch.Items);
        ReportFault(batch);
    }

    private BatchOptions Options(string folder)
    {
        if (MaxCost is null && MyInvocation.BoundParameters.ContainsKey(nameof(Per)))
        {
            throw UsageErrors.Without(UsageErrors.Per, UsageErrors.MaxCost);
        }
        return new BatchOptions
        {
            Mode = Mode,
            ThrottleLimit = ThrottleLimit,
            MaxCost = MaxCost,
            MaxCostOnceHeld = MaxCost is { } most
                ? () => FolderBudget.Left(folder, most, Per, Shard is null ? null : ParseShard(Shard)) : null,
            RequestsPerMinute = RequestsPerMinute,
            MaxCostPerMinute = MaxCostPerMinute,
            Only = [.. Only],
            RetryFailed = RetryFailed,
            ResendUncertain = ResendUncertain,
            Edition = Edition,
            OlderThan = OlderThan is null ? null : Age.Parse(OlderThan),
            Approved = Approved,
            Force = Force,
            Overrides = new RequestOptions { Model = Model, Size = Size, ServiceTier = ServiceTier },
            Webhooks = [.. Webhook],
            Shard = Shard is null ? null : ParseShard(Shard),
        };
    }

    private static Shard ParseShard(string text)
    {
        try
        {
            return NanoBanana.Batches.Ledgers.Shard.Parse(text);
        }
        catch (FormatException e)
        {
            throw BatchErrors.ShardInvalid(text, e);
        }
    }

    private string Description(BatchPlan plan, string folder)
    {
        BatchItem[] sent = [.. plan.ToSend];
        string images = string.Create(CultureInfo.InvariantCulture, $"{sent.Length} of {plan.Items.Length} images");
        string cost = PlannedCost.Sum(plan.EstimatedCost, plan.MostCost, sent.Length,
            sent.Count(item => item.EstimatedCost is null), MaxCost);
        return $"Make {images} in {folder} {(Mode == BatchMode.Live ? "live" : "as jobs")}"
            + $"{(sent.Length == 0 ? ": nothing is sent" : $", {cost}")}{Left(plan)}";
    }

    // What has no picture and is not sent either, and what it takes.
    private static string Left(BatchPlan plan)
    {
        BatchSummary summary = plan.Summary;
        string[] parts =
        [
            .. Part(summary.UpToDate + summary.Made, "up to date"),
            .. Part(summary.Submitted, "in jobs at the service"),
            .. Part(summary.Uncertain, "uncertain (-ResendUncertain sends them)"),
            .. Part(summary.Failed, "failed before (-RetryFailed tries them)"),
            .. Part(summary.Rejected, "rejected (-RetryFailed tries them)"),
            .. Part(summary.Blocked, "wait for one of these"), .. Part(summary.Running, "made by another process"),
        ];
        return parts.Length == 0 ? "" : $"; {string.Join(", ", parts)}";

        static string[] Part(int count, string what) =>
            count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{count} {what}")];
    }
}
