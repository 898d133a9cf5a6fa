using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the models of the catalogue: sizes, ratios, limits, prices.</summary>
[Cmdlet(VerbsCommon.Get, "NbModel")]
[OutputType(typeof(ModelInfo))]
public sealed class GetNbModelCommand : NbCmdlet
{
    /// <summary>Ids or aliases; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The connection whose catalogue is shown.</summary>
    [Parameter]
    public NbConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ModelCatalogue catalogue = (Connection ?? RunspaceState.Current.Connection)?.Catalogue ?? ModelCatalogue.BuiltIn;
        foreach (string name in Name)
        {
            IReadOnlyList<ModelInfo> found = [];
            if (Try(() => found = Matching(catalogue, name), name)) WriteObject(found, enumerateCollection: true);
        }
    }

    private static IReadOnlyList<ModelInfo> Matching(ModelCatalogue catalogue, string name)
    {
        var pattern = new NamePattern(name);
        if (!pattern.IsWildcard) return [catalogue.Find(name) ?? throw NbErrors.UnknownModel(name)];
        return [.. catalogue.Models.Where(model => pattern.Matches(model.Id) || model.Aliases.Any(pattern.Matches))];
    }
}
