using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the turns of the conversation that made an image.</summary>
[Cmdlet(VerbsCommon.Get, "NbHistory", DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(HistoryTurn))]
public sealed class GetNbHistoryCommand : NbCmdlet
{
    private const string ObjectSet = "Object";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The images: objects of this module, files or paths.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Paths of saved images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of saved images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object input = ParameterSetName switch
        {
            PathSet => Path,
            LiteralPathSet => LiteralPath,
            _ => InputObject!,
        };
        IReadOnlyList<NbImage> images = [];
        if (!Try(() => images = ImagesOf(input, ParameterSetName == LiteralPathSet), input)) return;
        foreach (NbImage image in images)
        {
            IReadOnlyList<HistoryTurn> turns = [];
            bool done = Try(() => turns = image.Conversation is null ? throw ImageErrors.NoConversation(image.ToString()) : ImageHistory.Of(image), image);
            if (done) WriteObject(turns, enumerateCollection: true);
        }
    }
}
