using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the batches this session has started, or what a batch's folder says of itself.</summary>
[Cmdlet(VerbsCommon.Get, "NbBatch")]
[OutputType(typeof(NbBatch))]
public sealed class GetNbBatchCommand : BatchCmdlet
{
    /// <summary>Folders of batches; left out, the batches of this session.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[] Destination { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Destination.Length == 0) WriteObject(RunspaceState.Current.Batches, enumerateCollection: true);
        foreach (string destination in Destination)
        {
            NbBatch? batch = null;
            if (Try(() => batch = Find(destination), destination)) WriteObject(batch);
        }
    }
}
