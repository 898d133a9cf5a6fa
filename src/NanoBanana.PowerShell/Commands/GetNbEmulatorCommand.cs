using System.Management.Automation;
using NanoBanana.Emulator;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the emulators of this runspace, that of an offline connection included, or what they received.</summary>
[Cmdlet(VerbsCommon.Get, "NbEmulator", DefaultParameterSetName = PortSet)]
[OutputType(typeof(NbEmulator))]
[OutputType(typeof(JournalEntry))]
public sealed class GetNbEmulatorCommand : NbCmdlet
{
    private const string PortSet = "Port";
    private const string ObjectSet = "Object";

    /// <summary>Only those that listen on these ports.</summary>
    [Parameter(Position = 0, ParameterSetName = PortSet)]
    public int[] Port { get; set; } = [];

    /// <summary>Emulators, such as Start-NbEmulator gave.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public NbEmulator[] InputObject { get; set; } = [];

    /// <summary>Emit the requests they received, oldest first, instead of themselves.</summary>
    [Parameter]
    public SwitchParameter Journal { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ObjectSet)
        {
            foreach (NbEmulator emulator in InputObject) Emit(emulator);
            return;
        }
        RunspaceState state = RunspaceState.Current;
        foreach (int port in Port)
        {
            NbEmulator? found = null;
            if (Try(() => found = state.FindEmulator(port), port)) Emit(found!);
        }
        if (Port.Length > 0) return;
        foreach (NbEmulator emulator in state.Emulators.ToArray()) Emit(emulator);
        if (state.Connection?.Emulator is { } offline) Emit(offline);
    }

    private void Emit(NbEmulator emulator)
    {
        if (Journal) WriteObject(emulator.Journal, enumerateCollection: true);
        else WriteObject(emulator);
    }
}
