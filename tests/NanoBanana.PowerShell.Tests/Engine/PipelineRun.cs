using System.Management.Automation;
using Shell = System.Management.Automation.PowerShell;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>Everything a pipeline left behind.</summary>
internal sealed class PipelineRun
{
    private readonly Exception? _failure;

    public PipelineRun(Shell shell, IEnumerable<PSObject?> output, IReadOnlyList<string> hostLines, Exception? failure)
    {
        _failure = failure;
        Stopped = shell.InvocationStateInfo.State == PSInvocationState.Stopped;
        TerminatingError = Stopped ? null : (failure as IContainsErrorRecord)?.ErrorRecord;
        if (failure is not null && !Stopped && TerminatingError is null)
        {
            throw new InvalidOperationException("The engine failed.", failure);
        }
        Output = [.. output.Select(one => one?.BaseObject is PSCustomObject ? one : one?.BaseObject)];
        PSDataStreams streams = shell.Streams;
        Errors = [.. streams.Error];
        Warnings = [.. streams.Warning.Select(record => record.Message)];
        Verbose = [.. streams.Verbose.Select(record => record.Message)];
        Debug = [.. streams.Debug.Select(record => record.Message)];
        Information = [.. streams.Information];
        Progress = [.. streams.Progress];
        HostLines = hostLines;
    }

    /// <summary>The objects, without the engine's wrapping.</summary>
    public IReadOnlyList<object?> Output { get; }

    /// <summary>The errors that did not end the pipeline.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; }

    public IReadOnlyList<string> Warnings { get; }

    public IReadOnlyList<string> Verbose { get; }

    public IReadOnlyList<string> Debug { get; }

    public IReadOnlyList<InformationRecord> Information { get; }

    public IReadOnlyList<ProgressRecord> Progress { get; }

    /// <summary>Lines on the host, "What if: ..." among them.</summary>
    public IReadOnlyList<string> HostLines { get; }

    /// <summary>The error that ended the pipeline, if one did.</summary>
    public ErrorRecord? TerminatingError { get; }

    /// <summary>Whether Ctrl+C ended the pipeline.</summary>
    public bool Stopped { get; }

    /// <summary>The one object that came out; throws when there is none or more, or errors came instead.</summary>
    public T Single<T>() => Succeeded().Output is [T only] ? only : throw new InvalidOperationException(
        $"Expected one {typeof(T).Name}, got {Output.Count}: {string.Join(", ", Output.Select(one => one?.GetType().Name))}");

    /// <summary>All output as one type; throws when an object is of another.</summary>
    public IReadOnlyList<T> OutputOf<T>() => [.. Output.Cast<T>()];

    /// <summary>Throws, with the errors in the message, when the pipeline failed in any way.</summary>
    public PipelineRun Succeeded() => AllErrors is [] && !Stopped
        ? this
        : throw new InvalidOperationException("The pipeline failed: " + string.Join(" | ", AllErrors.Select(Text)),
            _failure);

    /// <summary>The only error there is, terminating or not.</summary>
    public ErrorRecord SingleError() => AllErrors is [var only]
        ? only
        : throw new InvalidOperationException(
            $"Expected one error, got {AllErrors.Count}: {string.Join(" | ", AllErrors)}");

    /// <summary>All that left the cmdlets by any stream, the objects' properties included, for the search for
    /// secrets.</summary>
    public string AllText() => string.Join('\n',
    [
        .. Output.Select(one => PSSerializer.Serialize(one, depth: 3)),
        .. AllErrors.Select(Text),
        .. Warnings, .. Verbose, .. Debug, .. HostLines,
        .. Information.Select(record => $"{record}"),
        .. Progress.Select(record => $"{record.Activity} {record.StatusDescription} {record.CurrentOperation}"),
    ]);

    private List<ErrorRecord> AllErrors => TerminatingError is null ? [.. Errors] : [.. Errors, TerminatingError];

    private static string Text(ErrorRecord error) => string.Join(' ',
        error, error.FullyQualifiedErrorId, error.CategoryInfo, error.ErrorDetails?.RecommendedAction,
            error.TargetObject, error.Exception);
}
