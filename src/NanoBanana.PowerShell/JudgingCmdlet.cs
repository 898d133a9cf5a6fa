using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that has images judged: by whom, and what they must reach.</summary>
public abstract class JudgingCmdlet : ServiceCmdlet
{
    /// <summary>Folder of a library in which the names of -Anchor are looked up first, before the session's
    /// anchors.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>The lowest accepted score, 0 to 1, from a judge.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? MinimumScore
    {
        get => Options.MinimumScore;
        set => Options = Options with { MinimumScore = value };
    }

    /// <summary>The brand's gates that an image must pass: a JSON file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Policy
    {
        get => Options.Policy;
        set => Options = Options with { Policy = value };
    }

    /// <summary>The model that judges: an id or alias.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JudgeModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? JudgeModel
    {
        get => Options.JudgeModel;
        set => Options = Options with { JudgeModel = value };
    }

    /// <summary>How often each image is judged; the median is used, and each vote costs.</summary>
    [Parameter]
    [ValidateRange(1, 15)]
    public int Votes
    {
        get => Options.Votes ?? 1;
        set => Options = Options with { Votes = value };
    }

    /// <summary>The options; the parameters are stored here.</summary>
    internal RequestOptions Options { get; private protected set; } = new();

    /// <summary>The anchors of -Library and of the session.</summary>
    internal AnchorShelf Shelf => new(Paths.FullOrNull(Library));
}
