using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Has batches send nothing new, cancels their jobs at the service, and waits for what is paid for: it is
/// kept.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NbBatch", SupportsShouldProcess = true, DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(NbBatch))]
public sealed class StopNbBatchCommand : GivenBatchCmdlet
{
    /// <summary>Leave the jobs at the service: Start-NbBatch on the folder fetches their results later.</summary>
    [Parameter]
    public SwitchParameter KeepJob { get; set; }

    /// <summary>Emit the batches.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string WordsAfterInterrupt(NbBatch batch) =>
        $"The batch in {batch.Destination} was told to stop, and does so when what is in flight has been saved.";

    private protected override void Process(NbBatch batch)
    {
        string deed = Deed(batch.Items);
        bool isAgreed =
            ShouldProcess($"{deed}, in {batch.Destination}", $"{deed}, in {batch.Destination}.\nGo on?", "Stop batch");
        if (!isAgreed || !Try(() => batch.Stop(cancelJobs: !KeepJob), batch.Destination)) return;
        WaitFor(batch);
        // If no other process works on the batch, this session cancels its jobs, which an earlier process left or was
        // killed with.
        if (!KeepJob && JobsOf(batch.Items).Any())
        {
            if (!Try(() => batch = Cancel(batch.Destination), batch.Destination)) return;
            WaitFor(batch);
        }
        ReportFailures(batch.Items);
        ReportFault(batch);
        if (PassThru) WriteObject(batch);
    }

    private NbBatch Cancel(string destination)
    {
        Batch opened =
            Batch.Open(destination, OpenConnection.Service, manifest: null,
            new BatchOptions { Mode = BatchMode.Batch });
        opened.Stop(cancelJobs: true);
        NbBatch batch = NbBatch.Start(opened, new BatchLog());
        RunspaceState.Current.Batches.Add(batch);
        return batch;
    }

    private string Deed(IReadOnlyList<BatchItem> items)
    {
        int inFlight = items.Count(item => item.State == BatchItemState.Running);
        string deed = inFlight == 0 ? "Send nothing new"
            : FormattableString.Invariant($"Send nothing new, wait for {inFlight} in flight");
        BatchItem[] submitted = [.. items.Where(item => item.State == BatchItemState.Submitted)];
        if (KeepJob || submitted.Length == 0) return deed;
        string most = Readable.Money(submitted.Sum(item => item.EstimatedCost ?? 0));
        return deed + FormattableString.Invariant(
            $", cancel {Count(JobsOf(items).Count(), "job")} with {Count(submitted.Length, "item")} (what the service has made by now is billed and kept: {most} at most)");
    }

    private static string Count(int number, string what) =>
        FormattableString.Invariant($"{number} {what}{(number == 1 ? "" : "s")}");

    private static IEnumerable<string> JobsOf(IEnumerable<BatchItem> items) =>
        items.Where(item => item.State == BatchItemState.Submitted).Select(item => item.Job).OfType<string>()
            .Distinct();
}
