using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Waits until batches are done, here or wherever else somebody works on them.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NbBatch", DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(NbBatch))]
public sealed class WaitNbBatchCommand : GivenBatchCmdlet
{
    /// <summary>Most seconds to wait for each; a batch that is not done by then continues in the background.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? TimeoutSeconds { get; set; }

    private protected override void Process(NbBatch batch)
    {
        WaitFor(batch, TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        ReportFault(batch);
        WriteObject(batch);
    }
}
