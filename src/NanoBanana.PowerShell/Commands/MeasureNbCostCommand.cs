using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Tells what items would cost, one by one; sends nothing. Pipe it to Measure-Object -Property Live
/// -Sum.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "NbCost", DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(NbCost))]
public sealed class MeasureNbCostCommand : BatchCmdlet
{
    private const string ObjectSet = "Object";
    private const string ManifestSet = "Manifest";

    private readonly List<object> _objects = [];

    /// <summary>Prompts, or rows with the properties of a manifest's item, or one manifest's file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public object[] InputObject { get; set; } = [];

    /// <summary>A manifest, JSON or JSON lines.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ManifestSet)]
    public string Manifest { get; set; } = "";

    /// <summary>A batch's folder: items that are up to date there cost nothing more.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>Folder of a library of anchors that items may name; the session's anchors are there too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>The model for every item, overriding the items' own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The service's tier for every item, overriding the items' own, which sets speed and price: standard,
    /// flex or priority. Jobs have a price of their own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionCompleter))]
    public string? ServiceTier { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _objects.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        BatchPlan plan = Demand(Plan);
        foreach (string warning in plan.Warnings) WriteWarning(warning);
        foreach (BatchItem item in plan.Items)
        {
            decimal? live = item.HasImage ? 0 : item.EstimatedCost;
            decimal? batch = item.HasImage ? 0 : item.EstimatedBatchCost;
            WriteObject(new NbCost(item.Name, item.Model, item.State, live, batch, item.Prompt));
        }
    }

    private BatchPlan Plan()
    {
        string? folder = Destination is null ? null : Paths.Full(Destination);
        Manifest manifest = ReadManifest(
            ParameterSetName == ManifestSet ? Manifest : null, _objects, read => read, Library,
            folder ?? Paths.Here);
        var options = new BatchOptions { Overrides = new RequestOptions { Model = Model, ServiceTier = ServiceTier } };
        return BatchPlan.Create(manifest, Planner, options, folder);
    }
}
