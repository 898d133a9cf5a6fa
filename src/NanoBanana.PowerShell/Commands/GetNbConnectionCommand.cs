using System.Management.Automation;
using NanoBanana.Gemini.Http;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the connection of this runspace, or the one that the environment gives; nothing when there is
/// none.</summary>
[Cmdlet(VerbsCommon.Get, "NbConnection")]
[OutputType(typeof(NbConnection))]
public sealed class GetNbConnectionCommand : NbCmdlet
{
    /// <summary>Whether a command without -Connection would find one.</summary>
    internal static bool HasConnection =>
        RunspaceState.Current.Connection is not null || ServiceSettings.HasCredential;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!HasConnection) return;
        WriteObject(Demand(() => RunspaceState.Current.Connection ??= NbConnection.FromEnvironment()));
    }
}
