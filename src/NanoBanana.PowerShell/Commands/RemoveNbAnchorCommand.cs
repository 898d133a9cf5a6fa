using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Forgets anchors.</summary>
[Cmdlet(VerbsCommon.Remove, "NbAnchor", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveNbAnchorCommand : NbCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            IReadOnlyList<Anchor> found = [];
            if (!Try(() => found = RunspaceState.Current.MatchAnchors(name), name)) continue;
            foreach (Anchor anchor in found)
            {
                if (ShouldProcess(anchor.Name, "Remove anchor")) RunspaceState.Current.Anchors.Remove(anchor.Name);
            }
        }
    }
}
