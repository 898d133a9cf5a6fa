using System.Management.Automation;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Stops emulators that Start-NbEmulator started: all of this runspace when none is named.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NbEmulator", SupportsShouldProcess = true, DefaultParameterSetName = PortSet)]
[OutputType(typeof(NbEmulator))]
public sealed class StopNbEmulatorCommand : NbCmdlet
{
    private const string PortSet = "Port";
    private const string ObjectSet = "Object";

    /// <summary>Only those that listen on these ports.</summary>
    [Parameter(Position = 0, ParameterSetName = PortSet)]
    public int[] Port { get; set; } = [];

    /// <summary>Emulators, such as Start-NbEmulator gave.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public NbEmulator[] InputObject { get; set; } = [];

    /// <summary>Emit what was stopped: statistics and journal can still be read.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        RunspaceState state = RunspaceState.Current;
        NbEmulator[] named = ParameterSetName == ObjectSet ? InputObject : Port.Length == 0 ? [.. state.Emulators] : [];
        foreach (NbEmulator emulator in named) Stop(emulator);
        foreach (int port in Port)
        {
            NbEmulator? found = null;
            if (Try(() => found = state.FindEmulator(port), port)) Stop(found!);
        }
    }

    private void Stop(NbEmulator emulator)
    {
        if (emulator.BaseUri is null)
        {
            Report(NbErrors.EmulatorOfConnection(), emulator);
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
