using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>Asks before it writes each name, and again with -Ask.</summary>
[Cmdlet(VerbsCommon.Remove, "Sample", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RemoveSampleCommand : PSCmdlet
{
    private bool _yesToAll;
    private bool _noToAll;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string Name { get; set; } = "";

    [Parameter]
    public SwitchParameter Ask { get; set; }

    protected override void ProcessRecord()
    {
        bool goesOn = Ask
            ? ShouldContinue($"Really {Name}?", "Remove", ref _yesToAll, ref _noToAll)
            : ShouldProcess(Name, "Remove sample");
        if (goesOn)
        {
            WriteObject(Name);
        }
    }
}
