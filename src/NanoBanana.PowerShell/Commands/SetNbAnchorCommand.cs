using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Keeps pictures under a name, so that New-NbImage -Anchor and Invoke-NbEdit -Anchor keep what they
/// show.</summary>
[Cmdlet(VerbsCommon.Set, "NbAnchor", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(Anchor))]
public sealed class SetNbAnchorCommand : NbCmdlet, IDynamicParameters
{
    private readonly ImageInputs _images = new();
    private readonly List<Picture> _pictures = [];
    private bool _hasFailed;

    /// <summary>What prompts call it: letters, digits, - and _.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public string Name { get; set; } = "";

    /// <summary>What of it is kept: Character, Object, Style, Pose, Composition or Background.</summary>
    [Parameter]
    public ReferenceRole Role { get; set; } = ReferenceRole.Character;

    /// <summary>Fixed words on it, repeated in every prompt.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Folder of a library of anchors, which lasts and can be shared; the session's anchors when it is left
    /// out. A folder that is not there is made.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>Emit the anchor.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    public object GetDynamicParameters() => _images;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<object?> inputs = _images.Of(ParameterSetName);
        bool literal = ParameterSetName == InputSets.LiteralPath;
        _hasFailed |= !Try(
            () => _pictures.AddRange(inputs.SelectMany(input => Images.Of(input, literal))
                .Select(image => image.ToPicture())),
            inputs is [var single] ? single : inputs);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // It has been said why there is no picture.
        if (_hasFailed && _pictures.Count == 0) return;
        AnchorShelf? shelf = null;
        if (!Try(() => shelf = new AnchorShelf(Paths.FullOrNull(Library)), Library)) return;
        string deed = shelf!.Has(Name) ? "Replace anchor" : "Set anchor";
        if (!ShouldProcess(Name, Library is null ? deed : $"{deed} in '{Library}'")) return;
        Anchor? anchor = null;
        bool done = Try(() => anchor = shelf.Set(Anchor.Create(Name, Role, Description, _pictures)), Name);
        if (done && PassThru) WriteObject(anchor);
    }
}
