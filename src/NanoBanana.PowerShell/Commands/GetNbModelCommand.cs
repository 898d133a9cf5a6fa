using System.Management.Automation;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the models of the catalog: sizes, ratios, limits, prices.</summary>
[Cmdlet(VerbsCommon.Get, "NbModel")]
[OutputType(typeof(ModelInfo))]
public sealed class GetNbModelCommand : ServiceCmdlet
{
    private ModelCatalog _catalog = ModelCatalog.BuiltIn;
    private HashSet<string>? _offered;

    /// <summary>Ids or aliases; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only models that the service offers now, image models that the catalog does not know included. Asks the
    /// service, which costs nothing.</summary>
    [Parameter]
    public SwitchParameter Available { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Available) _offered = Demand(() => Await(OfferedAsync()));
        _catalog = (Connection ?? RunspaceState.Current.Connection)?.Catalog ?? ModelCatalog.BuiltIn;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            IReadOnlyList<ModelInfo> found = [];
            if (!Try(() => found = Matching(name), name)) continue;
            // The service's own statement on a retirement takes precedence over the catalog.
            foreach (ModelInfo model in ModelStatuses.Apply(found))
            {
                if (_offered?.Contains(model.Id) != false) WriteObject(model);
                else if (model.State != "retired" || name == model.Id)
                {
                    WriteWarning($"The service does not offer {model.Id}.");
                }
            }
        }
    }

    private IReadOnlyList<ModelInfo> Matching(string name)
    {
        var pattern = new NamePattern(name);
        ModelInfo[] strange = [.. Strange().Where(model => pattern.Matches(model.Id))];
        if (!pattern.IsWildcard)
        {
            return [_catalog.Find(name) ?? strange.FirstOrDefault()
                ?? throw ModelErrors.Unknown(name, _catalog.NearestTo(name))];
        }
        return [.. _catalog.Models.Where(model => pattern.Matches(model.Id) || model.Aliases.Any(pattern.Matches)),
            .. strange];
    }

    // Of the service's many models, those that draw have "image" in their name.
    private IEnumerable<ModelInfo> Strange() => (_offered ?? [])
        .Where(id => _catalog.Find(id) is null
        && (id.Contains("image", StringComparison.Ordinal) || id.Contains("banana", StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal)
        .Select(id => _catalog.Resolve(id, DateOnly.FromDateTime(DateTime.UtcNow)));

    private async Task<HashSet<string>> OfferedAsync()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (GeminiModel model in Service.Client.ListModelsAsync(Stopped).ConfigureAwait(false))
        {
            if (model.Methods.IsEmpty || model.Methods.Contains("generateContent")) ids.Add(model.Id);
        }
        return ids;
    }
}
