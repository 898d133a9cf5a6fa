using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Stops web routes that Start-NbWeb started: all of this runspace when none is named.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NbWeb", SupportsShouldProcess = true)]
[OutputType(typeof(NbWeb))]
public sealed class StopNbWebCommand : NbCmdlet
{
    /// <summary>Web routes from Start-NbWeb.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public NbWeb[] InputObject { get; set; } = [];

    /// <summary>Emit the stopped web routes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        NbWeb[] meant = MyInvocation.ExpectingInput || InputObject.Length > 0 ? InputObject
            : [.. RunspaceState.Current.Webs];
        foreach (NbWeb web in meant)
        {
            if (web.IsRunning)
            {
                if (!ShouldProcess($"{web}, process {web.ProcessId}", "Stop web route")) continue;
                // Requests in flight are paid for, so they finish first.
                Await(web.EndAsync(Stopped));
            }
            RunspaceState.Current.Webs.Remove(web);
            if (PassThru) WriteObject(web);
        }
    }
}
