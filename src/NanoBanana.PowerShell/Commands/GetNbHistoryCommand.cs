using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the turns of the conversation that made an image.</summary>
[Cmdlet(VerbsCommon.Get, "NbHistory", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(HistoryTurn))]
public sealed class GetNbHistoryCommand : NbCmdlet
{
    /// <summary>The images: objects of this module, files or paths.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Paths of saved images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.Path)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of saved images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.LiteralPath)]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((_, NbImage image) in GivenImages(InputObject, Path, LiteralPath))
        {
            IReadOnlyList<HistoryTurn> turns = [];
            bool done = Try(() =>
                turns = image.Conversation is null ? throw ImageErrors.NoConversation(image.ToString())
                : ImageHistory.Of(image), image);
            if (done) WriteObject(turns, enumerateCollection: true);
        }
    }
}
