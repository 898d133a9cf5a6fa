using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet for anchors that are named, of the session or of a library.</summary>
public abstract class AnchorCmdlet : NbCmdlet
{
    /// <summary>Folder of a library of anchors, which lasts and can be shared; the session's anchors when it is left
    /// out. A missing folder is an error.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Library { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        AnchorShelf? shelf = null;
        if (!Try(() => shelf = new AnchorShelf(Paths.FullOrNull(Library)), Library)) return;
        foreach (string typed in Typed)
        {
            IReadOnlyList<string> names = [];
            if (!Try(() => names = shelf!.Match(typed), typed)) continue;
            foreach (string name in names) Process(shelf!, name);
        }
    }

    /// <summary>The names as typed, wildcards included.</summary>
    private protected abstract IEnumerable<string> Typed { get; }

    private protected abstract void Process(AnchorShelf shelf, string name);
}
