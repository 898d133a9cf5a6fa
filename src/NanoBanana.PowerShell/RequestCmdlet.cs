using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that asks for images: the options of a request.</summary>
public abstract class RequestCmdlet : ServiceCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>Names of anchors to keep the same, or anchors. A cell of a table names several as fox;owl.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public object[] Anchor { get; set; } = [];

    /// <summary>Folder of a library in which the names of -Anchor are looked up first, before the session's anchors. Without that folder only the session is asked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>Other pictures to look at: paths (wildcards too), files, images or bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object[] Reference { get; set; } = [];

    /// <summary>Alias or id of the model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Width to height, such as 16:9. Left out, that of the picture that goes along, else 1:1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>512, 1K, 2K or 4K: about so many pixels a side. Left out, 1K; for an edit, as its source.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SizeCompleter))]
    public string? Size { get; set; }

    /// <summary>Searches the model may make: Web, Image.</summary>
    // Not by property name: an image has a Grounding of its own, which is what a search gave.
    [Parameter]
    [ArgumentCompleter(typeof(GroundingCompleter))]
    public string[] Grounding { get; set; } = [];

    /// <summary>How hard the model thinks: minimal, medium or high, as far as the model has them. Thoughts are billed, shown or not.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ThinkingLevelCompleter))]
    public string? ThinkingLevel { get; set; }

    /// <summary>Bring the thoughts along with the image.</summary>
    [Parameter]
    public SwitchParameter IncludeThoughts { get; set; }

    /// <summary>From where on the service blocks: OFF, BLOCK_NONE, BLOCK_ONLY_HIGH, BLOCK_MEDIUM_AND_ABOVE or BLOCK_LOW_AND_ABOVE. For one category alone: HARASSMENT=BLOCK_ONLY_HIGH.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SafetyCompleter))]
    public string[] SafetyThreshold { get; set; } = [];

    /// <summary>Instruction that stands above the conversation.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? SystemInstruction { get; set; }

    /// <summary>Ask for no words beside the image.</summary>
    [Parameter]
    public SwitchParameter ImageOnly { get; set; }

    /// <summary>Whether what the pipeline brings is meant to name options. A file has a Size too, and an image a Model: they do not.</summary>
    private protected virtual bool IsRow => true;

    /// <inheritdoc/>
    protected override void BeginProcessing() => _typed = [.. MyInvocation.BoundParameters.Keys];

    /// <summary>Adds to a request what the parameters say.</summary>
    /// <exception cref="NbException">An anchor or a reference means nothing.</exception>
    private protected ImageRequest WithOptions(ImageRequest asked) => asked with
    {
        Model = TypedOrOfRow(Model, nameof(Model)) ?? (asked.Source?.Conversation is null ? OpenConnection.DefaultModel : null),
        AspectRatio = TypedOrOfRow(AspectRatio, nameof(AspectRatio)),
        Size = TypedOrOfRow(Size, nameof(Size)),
        Anchors = asked.Anchors.IsEmpty ? ResolveAnchors() : asked.Anchors,
        References = [.. ReferenceImages().Select(image => new Reference(image.ToPicture()))],
        Grounding = [.. Grounding],
        ThinkingLevel = ThinkingLevel,
        IncludeThoughts = IncludeThoughts,
        SafetyThreshold = [.. SafetyThreshold],
        SystemInstruction = SystemInstruction,
        ImageOnly = ImageOnly,
    };

    // An empty cell of a row is no wish.
    private string? TypedOrOfRow(string? value, string name) =>
        (IsRow || _typed.Contains(name)) && !string.IsNullOrEmpty(value) ? value : null;

    /// <summary>The anchors that -Anchor means.</summary>
    /// <exception cref="NbException">A name is unknown.</exception>
    private protected ImmutableArray<Anchor> ResolveAnchors()
    {
        var shelf = new AnchorShelf(Paths.FullOrNull(Library));
        return [.. Given(Anchor, nameof(Anchor)).SelectMany(value => ImageInput.Unwrapped(value) is Anchor anchor
            ? [anchor]
            : NameOf(value).Split([',', ';'], StringSplitOptions.TrimEntries).Select(shelf.Find))];
    }

    // An anchor that came from a job or a CliXml file is one by name.
    private static string NameOf(object? value) =>
        $"{(value is PSObject { BaseObject: PSCustomObject } row ? row.Properties[nameof(Requests.Anchor.Name)]?.Value : value)}";

    /// <summary>The pictures that -Reference means.</summary>
    /// <exception cref="NbException">One means none.</exception>
    private protected IReadOnlyList<NbImage> ReferenceImages() => ImagesOf(Given(Reference, nameof(Reference)));

    private object?[] Given(object[] values, string name) =>
        [.. values.Where(value => _typed.Contains(name) || ImageInput.Unwrapped(value) is not (null or ""))];
}
