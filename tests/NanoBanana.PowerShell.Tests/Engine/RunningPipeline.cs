using System.Management.Automation;
using Shell = System.Management.Automation.PowerShell;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>A pipeline on a thread of its own.</summary>
internal sealed class RunningPipeline
{
    // A guard against a cmdlet that never comes back, far above anything a test needs; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Shell _shell;
    private readonly Session _session;
    private readonly Thread _thread;
    private readonly List<PSObject?> _output = [];
    private readonly EngineRules _rules = new();
    private Exception? _failure;

    public RunningPipeline(Shell shell, Session session, IEnumerable<object?>? input)
    {
        _shell = shell;
        _session = session;
        _thread = new Thread(() => Run(input)) { IsBackground = true, Name = "Pipeline" };
        _thread.Start();
    }

    /// <summary>Ctrl+C.</summary>
    public void Stop() => _shell.BeginStop(null, null);

    /// <summary>What came of it, once it has ended.</summary>
    public PipelineRun Wait()
    {
        if (!_thread.Join(Patience))
        {
            _session.Abandon();
            throw new TimeoutException("The pipeline does not end.");
        }
        using (_shell)
        {
            _rules.Demand();
            return new PipelineRun(_shell, _output, _session.Host.TakeLines(), _failure);
        }
    }

    private void Run(IEnumerable<object?>? input)
    {
        _rules.Watch();
        try
        {
            _shell.Invoke(input, _output);
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
