using System.Management.Automation;

namespace EngineDouble;

/// <summary>Runs cmdlets in a fresh session each time; use <see cref="Session"/> when commands must share one.</summary>
public static class Pipeline
{
    public static PipelineRun Invoke<T>(object? parameters = null, IEnumerable<object?>? input = null)
        where T : Cmdlet, new() => new Session().Invoke<T>(parameters, input);

    public static PipelineBuilder Pipe<T>(object? parameters = null, params object?[] positional)
        where T : Cmdlet, new() => new Session().Pipe<T>(parameters, positional);
}
