using System.Collections.Concurrent;
using System.Management.Automation;

namespace EngineDouble;

/// <summary>Everything a pipeline left behind.</summary>
public sealed class PipelineRun
{
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly List<LogEntry> _log = [];

    internal PipelineRun()
    {
    }

    /// <summary>Everything in the order it was written, over all streams.</summary>
    public IReadOnlyList<LogEntry> Log => _log;

    public IReadOnlyList<object?> Output => Stream<object?>(StreamName.Output);

    public IReadOnlyList<ErrorRecord> Errors => Stream<ErrorRecord>(StreamName.Error);

    public IReadOnlyList<string> Warnings => Stream<string>(StreamName.Warning);

    public IReadOnlyList<string> Verbose => Stream<string>(StreamName.Verbose);

    public IReadOnlyList<string> Debug => Stream<string>(StreamName.Debug);

    public IReadOnlyList<InformationRecord> Information => Stream<InformationRecord>(StreamName.Information);

    public IReadOnlyList<ProgressRecord> Progress => Stream<ProgressRecord>(StreamName.Progress);

    /// <summary>Lines on the host, "What if: ..." among them.</summary>
    public IReadOnlyList<string> HostLines => Stream<string>(StreamName.Host);

    /// <summary>The questions a person was asked by -Confirm or ShouldContinue.</summary>
    public IReadOnlyList<string> Prompts => Stream<string>(StreamName.Prompt);

    /// <summary>"New-NbImage.BeginProcessing", ... in the order the engine called them, Dispose included.</summary>
    public IReadOnlyList<string> Lifecycle => Stream<string>(StreamName.Lifecycle);

    /// <summary>The error that ended the pipeline, if one did.</summary>
    public ErrorRecord? TerminatingError { get; internal set; }

    /// <summary>Whether Ctrl+C ended the pipeline.</summary>
    public bool Stopped { get; internal set; }

    /// <summary>Rules of the engine that were broken: writes off the pipeline thread, a swallowed stop.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>The one object that came out; throws when there is none or more, or errors came instead.</summary>
    public T Single<T>()
    {
        Succeeded();
        return Output is [T only]
            ? only
            : throw new InvalidOperationException(
                $"Expected one {typeof(T).Name}, got {Output.Count}: {string.Join(", ", Output.Select(o => o?.GetType().Name))}");
    }

    /// <summary>All output as one type; throws when an object is of another.</summary>
    public IReadOnlyList<T> OutputOf<T>() => [.. Output.Cast<T>()];

    /// <summary>Throws, with the errors in the message, when the pipeline failed in any way.</summary>
    public PipelineRun Succeeded() => TerminatingError is null && Errors.Count == 0 && !Stopped
        ? this
        : throw new InvalidOperationException(
            "The pipeline failed: " + string.Join(" | ", Errors.Append(TerminatingError).Select(e => e?.Dump())));

    /// <summary>The only error there is, terminating or not.</summary>
    public ErrorRecord SingleError()
    {
        List<ErrorRecord> all = [.. Errors];
        if (TerminatingError is not null)
        {
            all.Add(TerminatingError);
        }

        return all is [var only]
            ? only
            : throw new InvalidOperationException($"Expected one error, got {all.Count}: {string.Join(" | ", all)}");
    }

    /// <summary>All text that left the cmdlets by any stream, for the search for secrets.</summary>
    public string AllText()
    {
        IEnumerable<string?> parts = _log.Select(entry => entry.Value switch
        {
            ErrorRecord error => error.Dump(),
            { } other => Conversion.ToText(other),
            null => "",
        });
        return string.Join('\n', parts.Append(TerminatingError?.Dump()));
    }

    internal void Add(StreamName stream, object? value) => _log.Add(new LogEntry(stream, value));

    internal void Violated(string rule) => _violations.Enqueue(rule);

    private List<T> Stream<T>(StreamName stream) =>
        [.. _log.Where(entry => entry.Stream == stream).Select(entry => (T)entry.Value!)];
}
