using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>Hangs until it is stopped, as a call over the network does.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Sample")]
[OutputType(typeof(string))]
public sealed class WaitSampleCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stopped = new ManualResetEventSlim();

    [Parameter(Mandatory = true)]
    public ManualResetEventSlim Hanging { get; set; } = null!;

    [Parameter]
    public SwitchParameter Return { get; set; }

    [Parameter]
    public List<string> Trace { get; set; } = new List<string>();

    public void Dispose()
    {
        Trace.Add("wait.Dispose");
        _stopped.Dispose();
    }

    protected override void ProcessRecord()
    {
        Hanging.Set();
        _stopped.Wait();
        Trace.Add(Stopping ? "stopping" : "not stopping");
        if (!Return)
        {
            WriteObject("never seen");
        }
    }

    protected override void EndProcessing() => Trace.Add("wait.End");

    protected override void StopProcessing() => _stopped.Set();
}
