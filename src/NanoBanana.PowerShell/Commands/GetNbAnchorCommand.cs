using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists the anchors that are set.</summary>
[Cmdlet(VerbsCommon.Get, "NbAnchor")]
[OutputType(typeof(Anchor))]
public sealed class GetNbAnchorCommand : NbCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            IReadOnlyList<Anchor> found = [];
            if (Try(() => found = RunspaceState.Current.MatchAnchors(name), name)) WriteObject(found, enumerateCollection: true);
        }
    }
}
