using System.Management.Automation;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists anchors: their pictures, role and description, and how they count against each model's limits.</summary>
[Cmdlet(VerbsCommon.Get, "NbAnchor")]
[OutputType(typeof(Anchor))]
public sealed class GetNbAnchorCommand : NbCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Folder of a library of anchors, which lasts and can be shared; the session's anchors when it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <summary>The connection against whose models the anchors are counted.</summary>
    [Parameter]
    public NbConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ModelCatalogue catalogue = (Connection ?? RunspaceState.Current.Connection)?.Catalogue ?? ModelCatalogue.BuiltIn;
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        AnchorShelf? shelf = null;
        if (!Try(() => shelf = new AnchorShelf(FullPathOrNull(Library)), Library)) return;
        foreach (string name in Name.SelectMany(shelf!.Match))
        {
            Anchor? anchor = null;
            if (Try(() => anchor = shelf.Get(name), name)) WriteObject(anchor!.CountedBy(catalogue, today));
        }
    }
}
