using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the connection of this runspace; nothing when there is none.</summary>
[Cmdlet(VerbsCommon.Get, "NbConnection")]
[OutputType(typeof(NbConnection))]
public sealed class GetNbConnectionCommand : NbCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (RunspaceState.Current.Connection is { } connection) WriteObject(connection);
    }
}
