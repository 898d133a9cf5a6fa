using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>Passes its input on, and does one deed at one moment.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Sample")]
[OutputType(typeof(object))]
public sealed class InvokeSampleCommand : PSCmdlet, IDisposable
{
    [Parameter(ValueFromPipeline = true)]
    public object Value { get; set; } = "";

    [Parameter(Position = 0)]
    public string Name { get; set; } = "sample";

    [Parameter]
    public SampleMoment At { get; set; } = SampleMoment.Process;

    [Parameter]
    public SampleDeed Do { get; set; } = SampleDeed.PassOn;

    [Parameter]
    public int Times { get; set; } = 1;

    [Parameter]
    public List<string> Trace { get; set; } = new List<string>();

    public void Dispose()
    {
        Trace.Add($"{Name}.Dispose");
        Act(SampleMoment.Dispose);
    }

    protected override void BeginProcessing()
    {
        Trace.Add($"{Name}.Begin");
        Act(SampleMoment.Begin);
    }

    protected override void ProcessRecord()
    {
        Trace.Add($"{Name}.Process({Value})");
        Act(SampleMoment.Process);
    }

    protected override void EndProcessing()
    {
        Trace.Add($"{Name}.End");
        Act(SampleMoment.End);
    }

    private void Act(SampleMoment moment)
    {
        if (moment != At)
        {
            return;
        }

        switch (Do)
        {
            case SampleDeed.PassOn:
                Write();
                break;
            case SampleDeed.Throw:
                throw new FormatException("thrown by the sample");
            case SampleDeed.Terminate:
                ThrowTerminatingError(Record());
                break;
            case SampleDeed.TerminateAndSwallow:
                Swallowing(() => ThrowTerminatingError(Record()));
                break;
            case SampleDeed.Error:
                WriteError(Record());
                break;
            case SampleDeed.Warning:
                WriteWarning("careful");
                break;
            case SampleDeed.WriteOnThread:
                OnThread(() => WriteObject(Value));
                break;
            case SampleDeed.Swallow:
                Swallowing(Write);
                break;
            default:
                throw new InvalidOperationException();
        }
    }

    private void Write()
    {
        for (int i = 0; i < Times; i++)
        {
            WriteObject(Value);
        }
    }

    private ErrorRecord Record() =>
        new ErrorRecord(new FormatException("bad"), "Sample.Bad", ErrorCategory.InvalidData, Value)
        {
            ErrorDetails = new ErrorDetails("it is bad") { RecommendedAction = "make it good" },
        };

    private void Swallowing(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Trace.Add($"saw {e.GetType().Name}");
        }
    }

    private void OnThread(Action action)
    {
        string seen = "";
        Thread thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (InvalidOperationException)
            {
                seen = "refused";
            }
        });
        thread.Start();
        thread.Join();
        Trace.Add(seen);
    }
}
