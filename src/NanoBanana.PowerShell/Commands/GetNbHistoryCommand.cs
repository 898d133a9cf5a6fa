using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the turns of the conversation that made an image.</summary>
[Cmdlet(VerbsCommon.Get, "NbHistory", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(HistoryTurn))]
public sealed class GetNbHistoryCommand : GivenImageCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((_, NbImage image) in GivenImages)
        {
            IReadOnlyList<HistoryTurn> turns = [];
            bool done = Try(() =>
                turns = image.Conversation is null ? throw ImageErrors.NoConversation(image.ToString())
                : ImageHistory.Of(image), image);
            if (done) WriteObject(turns, enumerateCollection: true);
        }
    }
}
