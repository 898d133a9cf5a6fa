using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Waits until batches are done.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NbBatch")]
[OutputType(typeof(NbBatch))]
public sealed class WaitNbBatchCommand : BatchCmdlet
{
    /// <summary>The batches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public NbBatch[] InputObject { get; set; } = [];

    /// <summary>Most seconds to wait for each; what is not done by then goes on behind the prompt.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? TimeoutSeconds { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (NbBatch batch in InputObject)
        {
            WaitFor(batch, TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            ReportFault(batch);
            WriteObject(batch);
        }
    }
}
