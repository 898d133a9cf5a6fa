using System.Collections;
using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that asks for images: the options of a request.</summary>
public abstract class RequestCmdlet : JudgingCmdlet
{
    /// <summary>Names of anchors to keep the same, or anchors. A cell of a table names several as fox;owl.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public object[] Anchor { get; set; } = [];

    /// <summary>Other pictures to look at: paths (wildcards too), files, images or bytes; a video or a PDF if the model
    /// accepts it; the address of a YouTube video, which is sent as an address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object[] Reference { get; set; } = [];

    /// <summary>Send https and gs addresses among the references as addresses, for the service to fetch.</summary>
    [Parameter]
    public SwitchParameter ByReference
    {
        get => Options.ByReference == true;
        set => Options = Options with { ByReference = value.ToBool() };
    }

    /// <summary>Alias or id of the model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model
    {
        get => Options.Model;
        set => Options = Options with { Model = value };
    }

    /// <summary>Width to height, such as 16:9. Left out, it is the ratio of the picture that is edited or referred to,
    /// or 1:1 without one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio
    {
        get => Options.AspectRatio;
        set => Options = Options with { AspectRatio = value };
    }

    /// <summary>512, 1K, 2K or 4K: the approximate number of pixels per side. Left out, 1K; for an edit, that of its
    /// source.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SizeCompleter))]
    public string? Size
    {
        get => Options.Size;
        set => Options = Options with { Size = value };
    }

    /// <summary>Searches the model may make: Web, Image.</summary>
    // Not bound by property name, because an image has its own Grounding property, the result of a search.
    [Parameter]
    [ArgumentCompleter(typeof(GroundingCompleter))]
    public string[] Grounding
    {
        get => [.. Options.Grounding ?? []];
        set => Options = Options with { Grounding = [.. value ?? []] };
    }

    /// <summary>Find only pages from this moment on, with -SearchBefore. Not on Vertex AI.</summary>
    [Parameter]
    public DateTime? SearchAfter
    {
        get => ManifestInput.Moment(Options.SearchAfter);
        set => Options = Options with { SearchAfter = ManifestInput.Moment(value) };
    }

    /// <summary>Find only pages from before this moment, with -SearchAfter. Not on Vertex AI.</summary>
    [Parameter]
    public DateTime? SearchBefore
    {
        get => ManifestInput.Moment(Options.SearchBefore);
        set => Options = Options with { SearchBefore = ManifestInput.Moment(value) };
    }

    /// <summary>Domains that searches leave out, such as example.com. On Vertex AI only.</summary>
    [Parameter]
    public string[] ExcludeDomain
    {
        get => [.. Options.ExcludeDomains ?? []];
        set => Options = Options with { ExcludeDomains = [.. value ?? []] };
    }

    /// <summary>How hard the model thinks: minimal, medium or high, if the model has the level. Thoughts are billed,
    /// shown or not.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ThinkingLevelCompleter))]
    public string? ThinkingLevel
    {
        get => Options.ThinkingLevel;
        set => Options = Options with { ThinkingLevel = value };
    }

    /// <summary>Get the model's thoughts along with the image.</summary>
    [Parameter]
    public SwitchParameter IncludeThoughts
    {
        get => Options.IncludeThoughts == true;
        set => Options = Options with { IncludeThoughts = value.ToBool() };
    }

    /// <summary>The threshold from which the service blocks: OFF, BLOCK_NONE, BLOCK_ONLY_HIGH, BLOCK_MEDIUM_AND_ABOVE
    /// or BLOCK_LOW_AND_ABOVE. For one category alone: HARASSMENT=BLOCK_ONLY_HIGH.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SafetyCompleter))]
    public string[] SafetyThreshold
    {
        get => [.. Options.SafetyThreshold ?? []];
        set => Options = Options with { SafetyThreshold = [.. value ?? []] };
    }

    /// <summary>System instruction for the whole conversation.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? SystemInstruction
    {
        get => Options.SystemInstruction;
        set => Options = Options with { SystemInstruction = value };
    }

    /// <summary>Ask for an image without text.</summary>
    [Parameter]
    public SwitchParameter ImageOnly
    {
        get => Options.ImageOnly == true;
        set => Options = Options with { ImageOnly = value.ToBool() };
    }

    /// <summary>Accept a text answer, such as to a question, as an object (NbText) from which Invoke-NbEdit can
    /// continue. Without it such an answer is an error; its text and conversation are saved in a file that the error
    /// names.</summary>
    [Parameter]
    public SwitchParameter AllowText
    {
        get => Options.AllowText == true;
        set => Options = Options with { AllowText = value.ToBool() };
    }

    /// <summary>A number that makes answers more alike; best effort, undocumented for images.</summary>
    [Parameter]
    public int? Seed
    {
        get => Options.Seed;
        set => Options = Options with { Seed = value };
    }

    /// <summary>The service's tier, which sets speed and price: standard, flex (half the price, within minutes) or
    /// priority.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionCompleter))]
    public string? ServiceTier
    {
        get => Options.ServiceTier;
        set => Options = Options with { ServiceTier = value };
    }

    /// <summary>How closely the model looks at input pictures: low, medium or high.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionCompleter))]
    public string? MediaResolution
    {
        get => Options.MediaResolution;
        set => Options = Options with { MediaResolution = value };
    }

    /// <summary>Names and values that split the bill of Vertex AI, such as @{ team = 'art' }.</summary>
    [Parameter]
    public Hashtable? Label
    {
        get => Options.Labels is { } labels ? new Hashtable(labels) : null;
        set => Options = Options with { Labels = ManifestInput.Labels(value) };
    }

    /// <summary>How many times an image is made at most, if it is not good enough or was not returned (NO_IMAGE). Each
    /// try is paid for and kept; the best is emitted.</summary>
    [Parameter]
    [ValidateRange(1, 20)]
    public int MaximumTryCount
    {
        get => Options.MaximumTryCount ?? 1;
        set => Options = Options with { MaximumTryCount = value };
    }

    /// <summary>Words that must appear in the picture: a judge reads the picture's words, and they are compared letter
    /// by letter.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Lettering
    {
        get => [.. Options.Lettering ?? []];
        set => Options = Options with { Lettering = [.. value] };
    }

    /// <summary>The current row; null for other input.</summary>
    internal RequestRow? Row { get; private protected set; }

    /// <summary>Whether properties of the piped object are options. Those of a file (Size) or an image (Model) are
    /// not.</summary>
    internal virtual bool IsRow => true;

    /// <summary>The options of the parameters and the row together.</summary>
    private protected RequestInput Given => field ??= new RequestInput(this);

    /// <inheritdoc/>
    // The typed parameters must be known before the pipeline binds more.
    protected override void BeginProcessing() => _ = Given;
}
