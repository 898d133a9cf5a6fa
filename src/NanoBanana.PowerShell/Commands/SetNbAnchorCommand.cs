using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Keeps pictures under a name, so that New-NbImage -Anchor and Invoke-NbEdit -Anchor keep what they
/// show.</summary>
[Cmdlet(VerbsCommon.Set, "NbAnchor", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(Anchor))]
public sealed class SetNbAnchorCommand : NbCmdlet
{
    private readonly List<Picture> _pictures = [];
    private bool _hasFailed;

    /// <summary>What prompts call it: letters, digits, - and _.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The pictures: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Paths of the pictures; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.Path)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the pictures, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.LiteralPath)]
    public string[] LiteralPath { get; set; } = [];

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
    protected override void ProcessRecord()
    {
        object input = ParameterSetName switch
        {
            InputSets.Path => Path,
            InputSets.LiteralPath => LiteralPath,
            _ => InputObject!,
        };
        _hasFailed |= !Try(() =>
            _pictures.AddRange(ImagesOf(input, ParameterSetName == InputSets.LiteralPath)
            .Select(image => image.ToPicture())), input);
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
