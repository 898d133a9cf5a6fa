using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that act on batches given as objects or as folders.</summary>
public abstract class GivenBatchCmdlet : BatchCmdlet
{
    private protected const string ObjectSet = "Object";
    private protected const string DestinationSet = "Destination";

    /// <summary>The batches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public NbBatch[] InputObject { get; set; } = [];

    /// <summary>Folders of batches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = DestinationSet)]
    [Alias("FullName")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[] Destination { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ObjectSet)
        {
            foreach (NbBatch batch in InputObject) Run(batch);
            return;
        }
        foreach (string destination in Destination)
        {
            NbBatch? batch = null;
            if (Try(() => batch = Find(destination), destination)) Run(batch!);
        }
    }

    // Ctrl+C ends the waiting, not the work. The user may expect otherwise, so a notice says it.
    private void Run(NbBatch batch)
    {
        try
        {
            Process(batch);
        }
        catch (PipelineStoppedException) when (Stopped.IsCancellationRequested && !batch.Completion.IsCompleted)
        {
            LateNotice.Say(this, RunspaceState.Current, WordsAfterInterrupt(batch));
            throw;
        }
    }

    /// <summary>The notice on what happens to a batch when Ctrl+C ends this command.</summary>
    private protected virtual string WordsAfterInterrupt(NbBatch batch) =>
        $"The batch in {batch.Destination} goes on. Stop-NbBatch stops it.";

    /// <summary>Runs for each batch.</summary>
    private protected abstract void Process(NbBatch batch);
}
