using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Gives the conversation of an image as the JSON of contents that Google's SDKs go on from.</summary>
[Cmdlet(VerbsData.ConvertFrom, "NbImage", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(string))]
public sealed class ConvertFromNbImageCommand : GivenImageCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((_, NbImage image) in GivenImages)
        {
            if (image.Conversation?.Turns.Any(turn => !turn.Steps.IsEmpty) == true)
            {
                WriteWarning("The conversation was held by the Interactions API: its signatures cannot be passed on.");
            }
            string json = "";
            if (Try(() => json = Await(GeminiContents.WriteAsync(image)), image)) WriteObject(json);
        }
    }
}
