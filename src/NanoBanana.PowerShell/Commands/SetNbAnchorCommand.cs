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
public sealed class SetNbAnchorCommand : GivenImageCmdlet
{
    private readonly List<(string Name, ReferenceRole Role, string? Description, List<Picture> Pictures)> _anchors = [];
    private bool _hasFailed;

    /// <summary>Its name in prompts: letters, digits, - and _.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public string Name { get; set; } = "";

    /// <summary>What to keep of it: Character, Object, Style, Pose, Composition or Background.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ReferenceRole Role { get; set; } = ReferenceRole.Character;

    /// <summary>A fixed description, repeated in every prompt.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    /// <summary>Folder of a library of anchors, which lasts and can be shared; the session's anchors when it is left
    /// out. A missing folder is created.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>Emit the anchor.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<object?> inputs = Inputs.Of(ParameterSetName);
        bool literal = ParameterSetName == InputSets.LiteralPath;
        if (_anchors.Count == 0 || !string.Equals(_anchors[^1].Name, Name, StringComparison.OrdinalIgnoreCase))
        {
            _anchors.Add((Name, Role, Description, []));
        }
        _hasFailed |= !Try(
            () => _anchors[^1].Pictures.AddRange(inputs.SelectMany(input => PicturesOf(input, literal))),
            inputs is [var single] ? single : inputs);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        AnchorShelf? shelf = null;
        if (!Try(() => shelf = new AnchorShelf(Paths.FullOrNull(Library)), Library)) return;
        foreach ((string name, ReferenceRole role, string? description, List<Picture> pictures) in _anchors)
        {
            // The error was reported already.
            if (_hasFailed && pictures.Count == 0) continue;
            string deed = shelf!.Has(name) ? "Replace anchor" : "Set anchor";
            if (!ShouldProcess(name, Library is null ? deed : $"{deed} in '{Library}'")) continue;
            Anchor? anchor = null;
            bool done = Try(() => anchor = shelf.Set(Anchor.Create(name, role, description, pictures)), name);
            if (done && PassThru) WriteObject(anchor);
        }
    }

    private IEnumerable<Picture> PicturesOf(object? input, bool literal) => PSValue.Unwrapped(input) is Anchor anchor
        ? anchor.Pictures : Images.Of(input, literal).Select(image => image.ToPicture());
}
