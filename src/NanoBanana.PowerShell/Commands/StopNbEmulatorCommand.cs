using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Stops emulators that Start-NbEmulator started: all of this runspace when none is named.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NbEmulator", SupportsShouldProcess = true, DefaultParameterSetName = PortSet)]
[OutputType(typeof(NbEmulator))]
public sealed class StopNbEmulatorCommand : EmulatorCmdlet
{
    /// <summary>Emit the stopped emulators: their statistics and journals can still be read.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(NbEmulator emulator)
    {
        if (emulator.BaseUri is null)
        {
            Report(EmulatorErrors.OfConnection(), emulator);
            return;
        }
        if (emulator.IsRunning)
        {
            if (!ShouldProcess(emulator.ToString(), "Stop emulator")) return;
            emulator.Dispose();
        }
        RunspaceState.Current.Emulators.Remove(emulator);
        if (PassThru) WriteObject(emulator);
    }
}
