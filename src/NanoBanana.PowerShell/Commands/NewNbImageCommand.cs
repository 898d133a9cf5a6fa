using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Draws images from words, anchors and references.</summary>
[Cmdlet(VerbsCommon.New, "NbImage", SupportsShouldProcess = true)]
[OutputType(typeof(NbImage))]
public sealed class NewNbImageCommand : ManyImagesCmdlet
{
    /// <summary>What to draw: one image for each prompt.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string[] Prompt { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string prompt in Prompt) Send(new ImageRequest { Prompt = prompt });
    }
}
