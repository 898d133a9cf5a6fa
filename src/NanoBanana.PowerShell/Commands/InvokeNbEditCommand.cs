using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Changes images in words, going on with the conversation that made them.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "NbEdit", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[Alias("Edit-NbImage")]
[OutputType(typeof(NbImage), typeof(NbText))]
public sealed class InvokeNbEditCommand : ManyImagesCmdlet, IDynamicParameters
{
    private readonly ImageInputs _images = new();
    /// <summary>What to change.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Edit")]
    [AllowEmptyString]
    public string Instruction { get; set; } = "";

    /// <summary>Start a new conversation from the picture alone, without the old one.</summary>
    [Parameter]
    public SwitchParameter Rebase
    {
        get => Options.Rebase == true;
        set => Options = Options with { Rebase = value.ToBool() };
    }

    /// <summary>Turn to branch from, as Get-NbHistory numbers them: the edit continues from the image of that turn, not
    /// from the last.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ArgumentCompleter(typeof(TurnCompleter))]
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

    /// <summary>Parts that may change, as left,top,width,height in pixels of the source. Everything outside is restored
    /// from the source with a soft seam; the model's own picture is kept beside it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Region
    {
        get => Options.Region?.Split(';') ?? [];
        set => Options = Options with { Region = string.Join(';', RegionInput.Resolve(value)) };
    }

    /// <summary>A picture that is white where the source may change and black where not; it is stretched to the
    /// source.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mask
    {
        get => Options.Mask;
        set => Options = Options with { Mask = value };
    }

    /// <summary>Restore from the source everything that the edit hardly changed, using only a map of the
    /// changes.</summary>
    [Parameter]
    public SwitchParameter Protect
    {
        get => Options.Protect == true;
        set => Options = Options with { Protect = value.ToBool() };
    }

    /// <summary>Gray levels (0 to 255) by which parts that were not meant to change may drift. More causes a warning if
    /// they are restored from the source; otherwise the image is rejected.</summary>
    [Parameter]
    [ValidateRange(0.0, 255.0)]
    public double? MaximumDrift
    {
        get => Options.MaximumDrift;
        set => Options = Options with { MaximumDrift = value };
    }

    /// <inheritdoc/>
    public object GetDynamicParameters() => _images;

    internal override bool IsRow => _images.InputObject is PSObject { BaseObject: PSCustomObject };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Try(CheckInstruction, Instruction)) return;
        Row = null;
        object? piped = _images.InputObject;
        if (IsRefused(PSValue.Unwrapped(piped))) return;
        if (RequestRow.Is(piped))
        {
            if (!Try(() => Row = RequestRow.Read(piped!, isEdit: true), piped) || Row is null) return;
            WarnOf(Row);
        }
        IReadOnlyList<object?> sources = Row?.Source is { } source ? [source] : _images.Of(ParameterSetName);
        foreach ((object input, NbImage image) in Images.Each(sources))
        {
            Input = Row is not null ? piped : input is string ? image.Path : input;
            NbImage start = image;
            if (From is { } turn && !Try(() => start = ImageHistory.At(image, turn), input)) continue;
            var request = new ImageRequest
            {
                Prompt = Instruction,
                Source = start,
                Rebase = Given.IsCell(nameof(Rebase)) ? Row!.Item.Rebase : Options.Rebase,
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
