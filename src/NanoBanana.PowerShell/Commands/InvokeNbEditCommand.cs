using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Changes images in words, going on with the conversation that made them.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "NbEdit", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[Alias("Edit-NbImage")]
[OutputType(typeof(NbImage))]
public sealed class InvokeNbEditCommand : ManyImagesCmdlet
{
    private readonly HashSet<Type> _refused = [];
    private readonly HashSet<string> _told = [];

    /// <summary>What to change.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Edit")]
    [AllowEmptyString]
    public string Instruction { get; set; } = "";

    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Paths of the images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.Path)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.LiteralPath)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Start a new conversation from the picture alone and leave the old one behind.</summary>
    [Parameter]
    public SwitchParameter Rebase
    {
        get => Options.Rebase == true;
        set => Options = Options with { Rebase = value.ToBool() };
    }

    /// <summary>Turn to branch from, as Get-NbHistory numbers them: the edit goes on from the image of that turn, not
    /// from the last.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? From { get; set; }

    /// <summary>How many turns of the conversation are sent. Earlier ones are left out, except for
    /// the picture they led to. 0 is -Rebase.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxHistory
    {
        get => Options.MaxHistory;
        set => Options = Options with { MaxHistory = value };
    }

    private protected override bool IsRow => InputObject is PSObject { BaseObject: PSCustomObject };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Try(CheckInstruction, Instruction)) return;
        Row = null;
        // Of a picture's bytes one by one, one error is enough.
        if (ImageInput.Unwrapped(InputObject) is ValueType value && !_refused.Add(value.GetType())) return;
        if (RequestRow.Is(InputObject))
        {
            if (!Try(() => Row = RequestRow.Read(InputObject!, isEdit: true), InputObject) || Row is null) return;
            foreach (string warning in Row.Warnings.Where(_told.Add)) Warn(warning);
        }
        foreach ((object input, NbImage image) in GivenImages(Row?.Source ?? InputObject, Path, LiteralPath))
        {
            NbImage source = image;
            if (From is { } turn && !Try(() => source = ImageHistory.At(image, turn), input)) continue;
            var request = new ImageRequest
            {
                Prompt = Instruction,
                Source = source,
                Rebase = IsCell(nameof(Rebase)) ? Row!.Item.Rebase : Options.Rebase,
            };
            Send(request, Row?.Stem);
        }
    }

    private void CheckInstruction()
    {
        if (ImageFile.HasImageExtension(Instruction) && File.Exists(Paths.Full(Instruction)))
        {
            throw RequestErrors.InstructionIsPath(Instruction);
        }
    }
}
