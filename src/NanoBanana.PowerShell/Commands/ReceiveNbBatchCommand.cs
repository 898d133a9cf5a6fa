using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Gives the images of a batch, each once, as they are there; items without an image come as errors.</summary>
/// <remarks>A folder of several shards is read as one: their ledgers are merged.</remarks>
[Cmdlet(VerbsCommunications.Receive, "NbBatch", DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(NbImage))]
public sealed class ReceiveNbBatchCommand : GivenBatchCmdlet
{
    /// <summary>Wait for the rest, giving images as they finish.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override void Process(NbBatch batch)
    {
        bool ended;
        var heldBack = new List<BatchItem>();
        do
        {
            // Checked before items are taken, so that items that finish in between are taken in the next round.
            ended = !Wait || WaitFor(batch, TimeSpan.FromMilliseconds(200));
            while (batch.Take() is { } item)
            {
                Emit(item);
                if (item.IsHeldBack) heldBack.Add(item);
            }
        }
        while (!ended);
        foreach (NbException why in BatchItem.WhyHeldBack(heldBack)) WriteError(ErrorRecords.From(why));
        ReportFault(batch);
        if (batch.Completion.IsCompleted) Merge(batch.Destination);
    }

    // The folder works with one or several ledgers, so a failed merge is not an error; shards that still run are merged
    // later.
    private void Merge(string destination)
    {
        try
        {
            int merged = Batch.Merge(destination);
            if (merged > 0)
            {
                WriteVerbose(FormattableString.Invariant($"Merged the ledgers of {merged} shards in {destination}."));
            }
        }
        catch (NbException e)
        {
            WriteVerbose(e.Message);
        }
    }

    private void Emit(BatchItem item)
    {
        ReportFailure(item);
        NbImage? image = item.Image;
        if (image is null && item is { HasImage: true, Path: { } path }
            && !Try(() => image = ImageFile.Import(path), item.Name))
        {
            return;
        }
        if (image is not null) WriteObject(image);
    }
}
