using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Forgets a connection and closes what it holds.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "NbService")]
[OutputType(typeof(void))]
public sealed class DisconnectNbServiceCommand : NbCmdlet
{
    /// <summary>The connection; that of the runspace when it is left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ConnectionTransformation]
    public NbConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        RunspaceState state = RunspaceState.Current;
        NbConnection? connection = Connection ?? state.Connection;
        connection?.Dispose();
        if (ReferenceEquals(connection, state.Connection)) state.Connection = null;
    }
}
