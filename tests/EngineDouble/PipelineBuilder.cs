using System.Management.Automation;

namespace EngineDouble;

/// <summary>A pipeline being written: a | b | Select-Object -First n.</summary>
public sealed class PipelineBuilder
{
    private readonly Session _session;
    private readonly List<Func<PipelineProcessor, Stage>> _stages = [];
    private bool _violationsAllowed;

    internal PipelineBuilder(Session session) => _session = session;

    /// <summary>Adds a cmdlet; parameters are an anonymous object or a dictionary, common parameters included.</summary>
    public PipelineBuilder Pipe<T>(object? parameters = null, params object?[] positional)
        where T : Cmdlet, new() => PipeAs<T>(null, parameters, positional);

    /// <summary>The same under the name of an alias, as MyInvocation.InvocationName shows it.</summary>
    public PipelineBuilder PipeAs<T>(string? invocationName, object? parameters = null, params object?[] positional)
        where T : Cmdlet, new()
    {
        Arguments arguments = Arguments.Of(parameters, positional);
        _stages.Add(processor => new CmdletStage(processor, new T(), invocationName, arguments));
        return this;
    }

    /// <summary>Adds Select-Object -First <paramref name="count"/>, which stops the commands before it.</summary>
    public PipelineBuilder First(int count)
    {
        _stages.Add(processor => new FirstStage(processor, count));
        return this;
    }

    /// <summary>Lets a test look at each object on the pipeline thread as it passes.</summary>
    public PipelineBuilder Tap(Action<object?> look)
    {
        _stages.Add(processor => new TapStage(processor, look));
        return this;
    }

    /// <summary>Keeps a broken engine rule from failing the call; it is then in <see cref="PipelineRun.Violations"/>.</summary>
    public PipelineBuilder AllowViolations()
    {
        _violationsAllowed = true;
        return this;
    }

    /// <summary>Runs to the end and gives what came of it; terminating errors are in the result, not thrown.</summary>
    public PipelineRun Invoke(IEnumerable<object?>? input = null) => Start(input).Wait();

    /// <summary>Starts and returns at once, for tests that stop it or answer it from outside.</summary>
    public RunningPipeline Start(IEnumerable<object?>? input = null)
    {
        PipelineProcessor processor = new(_session, input);
        foreach (Func<PipelineProcessor, Stage> stage in _stages)
        {
            processor.Add(stage(processor));
        }

        return new RunningPipeline(processor, _violationsAllowed);
    }
}
