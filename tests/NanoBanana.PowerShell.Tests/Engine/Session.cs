using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Shell = System.Management.Automation.PowerShell;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>One session of the real engine, in this process: a runspace with its own location, that knows the module's
/// cmdlets.</summary>
internal sealed class Session : IDisposable
{
    private static readonly InitialSessionState Start = StartOfSessions();

    private readonly Runspace _runspace;
    private bool _isAbandoned;

    /// <param name="location">What $PWD is; differs from the process directory on purpose.</param>
    public Session(string? location = null)
    {
        _runspace = RunspaceFactory.CreateRunspace(Host, Start);
        // A pipeline runs on the thread that invokes it, so that what the test set for that thread holds in the
        // cmdlets.
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        if (location is not null) _runspace.SessionStateProxy.Path.SetLocation(location);
    }

    /// <summary>The runspace's id.</summary>
    public Guid Id => _runspace.InstanceId;

    internal RecordingHost Host { get; } = new();

    /// <summary>The name under which the engine knows a cmdlet.</summary>
    public static string NameOf(Type type)
    {
        CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        return $"{cmdlet.VerbName}-{cmdlet.NounName}";
    }

    /// <summary>Begins a pipeline: parameters are an anonymous object or a dictionary, common parameters
    /// included.</summary>
    public PipelineBuilder Pipe<T>(object? parameters = null, params object?[] positional)
        where T : Cmdlet => new PipelineBuilder(this).Pipe<T>(parameters, positional);

    /// <summary>Runs one cmdlet to its end.</summary>
    public PipelineRun Invoke<T>(object? parameters = null, IEnumerable<object?>? input = null)
        where T : Cmdlet => Pipe<T>(parameters).Invoke(input);

    /// <summary>What Tab offers at the end of a line.</summary>
    public IReadOnlyList<string> Complete(string line)
    {
        using Shell shell = NewShell();
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(match =>
            match.CompletionText)];
    }

    public void Dispose()
    {
        if (!_isAbandoned) _runspace.Dispose();
    }

    /// <summary>Leaves it alone from now on: closing it would wait for ever for a pipeline that does not end.</summary>
    internal void Abandon() => _isAbandoned = true;

    internal Shell NewShell()
    {
        Shell shell = Shell.Create();
        shell.Runspace = _runspace;
        return shell;
    }

    private static InitialSessionState StartOfSessions()
    {
        InitialSessionState start = InitialSessionState.CreateDefault2();
        IEnumerable<Type> cmdlets = typeof(NbCmdlet).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsDefined(typeof(CmdletAttribute)));
        foreach (Type type in cmdlets)
        {
            start.Commands.Add(new SessionStateCmdletEntry(NameOf(type), type, helpFileName: null));
        }
        return start;
    }
}
