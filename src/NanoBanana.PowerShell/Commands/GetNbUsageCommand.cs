using System.Management.Automation;
using NanoBanana.Reports;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Tells what the images in folders did cost, day by day: batches by their ledgers, single images by their
/// sidecars.</summary>
[Cmdlet(VerbsCommon.Get, "NbUsage", DefaultParameterSetName = InputSets.Path)]
[OutputType(typeof(CostLine))]
public sealed class GetNbUsageCommand : BatchCmdlet
{
    private readonly List<string> _paths = [];

    /// <summary>Folders, those below them too, or images; wildcards are allowed. Left out, the current
    /// folder.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = InputSets.Path)]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Folders or images, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = InputSets.LiteralPath)]
    [Alias("PSPath", "FullName", "Destination")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The first day. Days are those of UTC.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>The last day.</summary>
    [Parameter]
    public DateTime? Until { get; set; }

    /// <summary>What lines are grouped by; everything else is summed up. None gives one line.</summary>
    [Parameter]
    public CostGrouping GroupBy { get; set; } =
        CostGrouping.Day | CostGrouping.Folder | CostGrouping.Model | CostGrouping.Mode;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == InputSets.LiteralPath;
        foreach (string typed in literal ? LiteralPath : Path)
        {
            Try(() => _paths.AddRange(Paths.All(typed, literal)), typed);
        }
    }

    // All paths together, so that an image in two of them is counted once.
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_paths.Count == 0) return;
        CostReport report = Demand(() => CostReport.Read(_paths, DayOf(Since), DayOf(Until), Planner.Catalog));
        foreach (string warning in report.Warnings) WriteWarning(warning);
        WriteObject(report.By(GroupBy), enumerateCollection: true);
    }

    private static DateOnly? DayOf(DateTime? time) => time is { } moment
        ? DateOnly.FromDateTime(moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : moment)
        : null;
}
