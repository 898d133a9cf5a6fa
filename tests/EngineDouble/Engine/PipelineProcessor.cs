using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.ExceptionServices;

namespace EngineDouble;

/// <summary>
/// Drives the stages in the engine's order: bind all, begin all, feed the first, complete all, dispose all.
/// The first failure wins; upstream cmdlets only ever see a PipelineStoppedException.
/// </summary>
internal sealed class PipelineProcessor(Session session, IEnumerable<object?>? input)
{
    private readonly Lock _gate = new();
    private readonly List<Stage> _stages = [];
    private Exception? _firstFailure;
    private bool _ended;

    public Session Session { get; } = session;

    public PipelineRun Result { get; } = new();

    public bool HasInput { get; } = input is not null;

    public int Length => _stages.Count;

    public bool Stopping { get; private set; }

    /// <summary>The one command that may write now, and the thread it may write on.</summary>
    public InternalCommand? Permitted { get; set; }

    public Thread? PermittedThread { get; private set; }

    /// <summary>A fault of a test's own code (its input, its Tap), not of a cmdlet.</summary>
    public ExceptionDispatchInfo? HarnessFailure { get; private set; }

    public void Add(Stage stage)
    {
        stage.Index = _stages.Count;
        _stages.Add(stage);
    }

    public void Run()
    {
        PermittedThread = Thread.CurrentThread;
        Session.ConsoleHost.Line = line => Result.Add(StreamName.Host, line);
        try
        {
            Drive();
        }
        catch (PipelineStoppedException)
        {
            Report();
        }
        catch (Exception e)
        {
            HarnessFailure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
            }

            foreach (Stage stage in _stages)
            {
                stage.Dispose();
            }

            Session.ConsoleHost.Line = null;
            Session.Leave();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            if (_ended || Stopping)
            {
                return;
            }

            Stopping = true;
            bool first = _firstFailure is null;
            _firstFailure ??= new PipelineStoppedException();
            if (!first)
            {
                return;
            }
        }

        foreach (Stage stage in _stages)
        {
            stage.Stop();
        }
    }

    public void ThrowIfStopping()
    {
        if (Stopping)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Keeps the first failure and gives what upstream code may see of it.</summary>
    public PipelineStoppedException Fail(Exception e)
    {
        lock (_gate)
        {
            _firstFailure ??= e;
        }

        return new PipelineStoppedException();
    }

    /// <summary>Ends the pipeline for a fault of the test's own code, which <see cref="RunningPipeline.Wait"/> rethrows.</summary>
    public PipelineStoppedException FailTest(Exception e)
    {
        HarnessFailure ??= ExceptionDispatchInfo.Capture(e);
        return Fail(new PipelineStoppedException());
    }

    public void Emit(int from, object? value)
    {
        if (from + 1 < _stages.Count)
        {
            _stages[from + 1].Receive(value);
        }
        else
        {
            Result.Add(StreamName.Output, PSObject.Unwrap(value));
        }
    }

    public override string ToString() => string.Join(" | ", _stages);

    private void Drive()
    {
        foreach (Stage stage in _stages)
        {
            stage.Prepare();
        }

        int next = UntilStopped(Feed);
        while (next < _stages.Count)
        {
            next = Math.Max(next + 1, UntilStopped(_stages[next].Complete));
        }

        if (_firstFailure is not null)
        {
            throw new PipelineStoppedException();
        }
    }

    // Gives the first stage that is still to be completed: behind the one that stopped its upstream, or the first.
    private int UntilStopped(Action work)
    {
        try
        {
            work();
        }
        catch (PipelineStoppedException) when (_firstFailure is StopUpstreamCommandsException)
        {
            int stoppedBy = ((StopUpstreamCommandsException)_firstFailure).StageIndex;
            _firstFailure = null;
            return stoppedBy + 1;
        }

        return 0;
    }

    private void Feed()
    {
        foreach (Stage stage in _stages)
        {
            stage.Begin();
        }

        foreach (object? item in input ?? [])
        {
            _stages[0].Receive(item);
        }
    }

    private void Report()
    {
        if (_firstFailure is PipelineStoppedException)
        {
            Result.Stopped = true;
        }
        else if (_firstFailure is IContainsErrorRecord { ErrorRecord: { } record })
        {
            Result.TerminatingError = record;
        }
        else if (_firstFailure is not StopUpstreamCommandsException)
        {
            HarnessFailure = ExceptionDispatchInfo.Capture(_firstFailure ?? new PipelineStoppedException());
        }
    }
}
