using System.Management.Automation;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Checks a connection: address, key, clock, models, uploads, each with its remedy. Makes no image and costs
/// nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NbConnection")]
[OutputType(typeof(ConnectionFinding), typeof(bool))]
public sealed class TestNbConnectionCommand : ServiceCmdlet
{
    /// <summary>Emit only whether no check failed, for scripts.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet && Connection is null && !GetNbConnectionCommand.HasConnection)
        {
            WriteObject(false);
            return;
        }
        NbConnection connection = OpenConnection;
        var check = new ConnectionCheck(
            Service, connection.KeyVariable ?? connection.Credential, connection.DefaultModel);
        bool isFine = true;
        IAsyncEnumerator<ConnectionFinding> findings = check.RunAsync(Stopped).GetAsyncEnumerator(Stopped);
        while (Await(findings.MoveNextAsync().AsTask()))
        {
            isFine &= findings.Current.State != FindingState.Failed;
            if (!Quiet) WriteObject(findings.Current);
        }
        if (Quiet) WriteObject(isFine);
    }
}
