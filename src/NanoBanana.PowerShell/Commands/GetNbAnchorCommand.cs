using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists anchors: their pictures, role and description, and how they count against each model's
/// limits.</summary>
[Cmdlet(VerbsCommon.Get, "NbAnchor")]
[OutputType(typeof(Anchor))]
public sealed class GetNbAnchorCommand : AnchorCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The connection against whose models the anchors are counted.</summary>
    [Parameter]
    [ConnectionTransformation]
    public NbConnection? Connection { get; set; }

    private protected override IEnumerable<string> Typed => Name;

    private protected override void Process(AnchorShelf shelf, string name)
    {
        ModelCatalog catalog = (Connection ?? RunspaceState.Current.Connection)?.Catalog ?? ModelCatalog.BuiltIn;
        Anchor? anchor = null;
        if (Try(() => anchor = shelf.Get(name), name))
        {
            WriteObject(anchor!.CountedBy(catalog, DateOnly.FromDateTime(DateTime.UtcNow)));
        }
    }
}
