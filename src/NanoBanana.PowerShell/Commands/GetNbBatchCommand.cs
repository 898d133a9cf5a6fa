using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the batches this session has started, or what a batch's folder says of itself.</summary>
[Cmdlet(VerbsCommon.Get, "NbBatch")]
[OutputType(typeof(NbBatch))]
[OutputType(typeof(StaleItem))]
public sealed class GetNbBatchCommand : BatchCmdlet
{
    /// <summary>Folders of batches; left out, the batches of this session.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>Show the items whose pictures are out of date, each with the reason: never made, missing, of another
    /// edition, too old, changed, or made with a retired model. No output means that there is nothing to do.</summary>
    [Parameter]
    public SwitchParameter Stale { get; set; }

    /// <summary>With -Stale: the edition that pictures must have. Left out, the batch's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Edition { get; set; }

    /// <summary>With -Stale: the age from which pictures are too old, such as 12h, 7d or 2w.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OlderThan { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isOfStale = Edition is not null || OlderThan is not null;
        if (isOfStale && !Stale)
        {
            Try(() => throw BatchErrors.OnlyWithStale(), Edition ?? OlderThan);
            return;
        }
        if (Stale)
        {
            IEnumerable<string> folders = Destination.Length > 0 ? Destination
                : RunspaceState.Current.Batches.Select(batch => batch.Destination).Distinct();
            foreach (string destination in folders) WriteStale(destination);
            return;
        }
        if (Destination.Length == 0) WriteObject(RunspaceState.Current.Batches, enumerateCollection: true);
        foreach (string destination in Destination)
        {
            NbBatch? batch = null;
            if (Try(() => batch = Find(destination), destination)) WriteObject(batch);
        }
    }

    private void WriteStale(string destination)
    {
        BatchPlan? plan = null;
        bool isRead = Try(() =>
        {
            plan = BatchPlan.LookAt(Paths.Full(destination), Planner, Edition,
                OlderThan is null ? null : Age.Parse(OlderThan));
        }, destination);
        if (isRead) WriteObject(plan!.Stale, enumerateCollection: true);
    }
}
