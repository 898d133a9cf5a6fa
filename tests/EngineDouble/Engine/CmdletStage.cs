using System.Management.Automation;

namespace EngineDouble;

/// <summary>A cmdlet in a pipeline: when its methods are called, and what becomes of what they throw.</summary>
internal sealed class CmdletStage : Stage
{
    private readonly Cmdlet _cmdlet;
    private readonly string? _invocationName;
    private readonly Arguments _arguments;
    private CommandRuntime? _runtime;
    private ParameterBinder? _binder;
    private bool _begun;

    public CmdletStage(PipelineProcessor processor, Cmdlet cmdlet, string? invocationName, Arguments arguments)
        : base(processor)
    {
        _cmdlet = cmdlet;
        _invocationName = invocationName;
        _arguments = arguments;
    }

    private CmdletShape Shape => field ??= CmdletShape.Of(_cmdlet.GetType());

    private bool ExpectsInput => Index > 0 || Processor.HasInput;

    public override void Prepare()
    {
        InvocationInfo invocation = new(Shape.Info, _invocationName ?? Shape.Name)
        {
            ExpectingInput = ExpectsInput,
            PipelineLength = Processor.Length,
            PipelinePosition = Index + 1,
            Line = Shape.Name,
        };
        _runtime = new CommandRuntime(Processor, _cmdlet, Shape, invocation, Index);
        _cmdlet.Runtime = _runtime;
        _binder = new ParameterBinder(Shape, _cmdlet, _runtime);
        try
        {
            _binder.BindCommandLine(_arguments, ExpectsInput);
        }
        catch (RuntimeException e)
        {
            e.ErrorRecord.InvocationInfo = invocation;
            throw Processor.Fail(e);
        }
    }

    public override void Begin()
    {
        if (!_begun)
        {
            _begun = true;
            Call("BeginProcessing", _cmdlet.Begin);
        }
    }

    // An upstream BeginProcessing may write before this command has begun: the engine then begins it first.
    public override void Receive(object? value)
    {
        Begin();
        Processor.ThrowIfStopping();
        if (BindPipeline(value))
        {
            Call("ProcessRecord", _cmdlet.Process);
        }
    }

    public override void Complete()
    {
        Begin();
        if (ExpectsInput)
        {
            Processor.ThrowIfStopping();
        }
        else
        {
            Processor.ThrowIfStopping();
            Call("ProcessRecord", _cmdlet.Process);
        }

        Call("EndProcessing", _cmdlet.End);
    }

    public override void Stop()
    {
        try
        {
            _cmdlet.Stop();
        }
        catch (Exception)
        {
            // The engine ignores what StopProcessing throws; so must we, or a faulty one would look different here.
        }
    }

    public override void Dispose()
    {
        if (_cmdlet is IDisposable disposable)
        {
            Processor.Result.Add(StreamName.Lifecycle, $"{Shape.Name}.Dispose");
            try
            {
                disposable.Dispose();
            }
            catch (Exception e)
            {
                Processor.Result.Violated($"{Shape.Name}: Dispose threw {e.GetType().Name}: {e.Message}");
            }
        }
    }

    public override string ToString() => Shape.Name;

    private bool BindPipeline(object? value)
    {
        try
        {
            _binder!.BindPipeline(value);
            return true;
        }
        catch (ParameterBindingException e)
        {
            e.ErrorRecord.TargetObject = PSObject.Unwrap(value);
            _runtime!.Report(new ErrorRecord(e.ErrorRecord, e));
            return false;
        }
    }

    private void Call(string method, Action body)
    {
        var before = Processor.Permitted;
        Processor.Permitted = _cmdlet;
        Processor.Result.Add(StreamName.Lifecycle, $"{Shape.Name}.{method}");
        try
        {
            body();
        }
        catch (Exception e)
        {
            throw Processor.Fail(Managed(e));
        }
        finally
        {
            Processor.Permitted = before;
        }

        if (_runtime!.StopHandedOut && !Processor.Stopping)
        {
            Processor.Result.Violated(
                $"{Shape.Name}.{method} swallowed the PipelineStoppedException by which the engine ends it.");
            throw new PipelineStoppedException();
        }
    }

    private Exception Managed(Exception e)
    {
        if (e is PipelineStoppedException or CmdletInvocationException or ActionPreferenceStopException)
        {
            return e;
        }

        ErrorRecord record = ErrorRecord.Of(e);
        record.InvocationInfo = _runtime!.Invocation;
        return new CmdletInvocationException(record);
    }
}
