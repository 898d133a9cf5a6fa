using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;

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
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            ModelInfo[] found = WildcardPattern.ContainsWildcardCharacters(name)
                ? [.. catalogue.Models.Where(model => pattern.IsMatch(model.Id) || model.Aliases.Any(pattern.IsMatch))]
                : catalogue.Find(name) is { } model ? [model] : [];
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) Report(NbErrors.UnknownModel(name));
            WriteObject(found, enumerateCollection: true);
        }
    }
}
