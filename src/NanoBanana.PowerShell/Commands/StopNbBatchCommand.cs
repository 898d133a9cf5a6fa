using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Has batches send nothing new, and waits for what is in the air: it was paid for.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NbBatch", SupportsShouldProcess = true)]
[OutputType(typeof(NbBatch))]
public sealed class StopNbBatchCommand : BatchCmdlet
{
    /// <summary>The batches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public NbBatch[] InputObject { get; set; } = [];

    /// <summary>Emit the batches.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (NbBatch batch in InputObject)
        {
            if (!ShouldProcess(batch.Destination, "Stop batch")) continue;
            batch.Stop();
            WaitFor(batch);
            ReportFault(batch);
            if (PassThru) WriteObject(batch);
        }
    }
}
