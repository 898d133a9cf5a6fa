using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Forgets anchors.</summary>
[Cmdlet(VerbsCommon.Remove, "NbAnchor", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveNbAnchorCommand : AnchorCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    private protected override IEnumerable<string> Typed => Name;

    private protected override void Process(AnchorShelf shelf, string name)
    {
        string what = Library is null ? "Remove anchor" : $"Remove anchor and its pictures from '{Library}'";
        // A name that does not exist is reported without a question.
        if (!shelf.Has(name) || ShouldProcess(name, what)) Try(() => shelf.Remove(name), name);
    }
}
