using System.Management.Automation;
using NanoBanana.Emulator.Journal;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows the emulators of this runspace, that of an offline connection included, or what they
/// received.</summary>
[Cmdlet(VerbsCommon.Get, "NbEmulator", DefaultParameterSetName = PortSet)]
[OutputType(typeof(NbEmulator))]
[OutputType(typeof(JournalEntry))]
public sealed class GetNbEmulatorCommand : EmulatorCmdlet
{
    /// <summary>Emit the requests they received, oldest first, instead of themselves.</summary>
    [Parameter]
    public SwitchParameter Journal { get; set; }

    private protected override IEnumerable<NbEmulator> All =>
        RunspaceState.Current.Connection?.Emulator is { } offline ? base.All.Append(offline) : base.All;

    private protected override void Process(NbEmulator emulator)
    {
        if (Journal) WriteObject(emulator.Journal, enumerateCollection: true);
        else WriteObject(emulator);
    }
}
