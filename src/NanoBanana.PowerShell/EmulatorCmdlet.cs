using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets for running emulators: piped ones, those on given ports, or all of the
/// runspace.</summary>
public abstract class EmulatorCmdlet : NbCmdlet
{
    private protected const string PortSet = "Port";
    private protected const string ObjectSet = "Object";

    /// <summary>Only those that listen on these ports.</summary>
    [Parameter(Position = 0, ParameterSetName = PortSet)]
    [ArgumentCompleter(typeof(PortCompleter))]
    public int[] Port { get; set; } = [];

    /// <summary>Emulators from Start-NbEmulator.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public NbEmulator[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        NbEmulator[] meant = ParameterSetName == ObjectSet ? InputObject : Port.Length == 0 ? [.. All] : [];
        foreach (NbEmulator emulator in meant) Process(emulator);
        foreach (int port in Port)
        {
            NbEmulator? found = null;
            if (Try(() => found = RunspaceState.Current.FindEmulator(port), port)) Process(found!);
        }
    }

    /// <summary>The emulators to use when none is given.</summary>
    private protected virtual IEnumerable<NbEmulator> All => RunspaceState.Current.Emulators;

    private protected abstract void Process(NbEmulator emulator);
}
