using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Removes orphans from the store of a folder of images: Get-NbBlob -Orphan | Remove-NbBlob. What is needed
/// stays.</summary>
[Cmdlet(VerbsCommon.Remove, "NbBlob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveNbBlobCommand : NbCmdlet
{
    /// <summary>Files from Get-NbBlob.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public StoredBlob[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (StoredBlob blob in InputObject)
        {
            if (ShouldProcess($"{blob.Path} ({Readable.Bytes(blob.Length)})", "Remove orphan blob"))
            {
                Try(() => BlobInventory.Remove(blob), blob);
            }
        }
    }
}
