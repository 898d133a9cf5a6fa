using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

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

    /// <summary>Folder of a library of anchors, which lasts and can be shared; the session's anchors when it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        AnchorShelf? shelf = null;
        if (!Try(() => shelf = new AnchorShelf(FullPathOrNull(Library)), Library)) return;
        string what = Library is null ? "Remove anchor" : $"Remove anchor from '{Library}'";
        foreach (string name in Name.SelectMany(shelf!.Match))
        {
            if (ShouldProcess(name, what)) Try(() => shelf.Remove(name), name);
        }
    }
}
