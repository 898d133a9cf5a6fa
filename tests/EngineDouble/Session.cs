using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace EngineDouble;

/// <summary>One PowerShell session: a runspace with its location, variables, drives and answers to prompts.</summary>
public sealed class Session
{
    private readonly Queue<ConfirmAnswer> _answers = new();
    private int _busy;

    public Session(string? location = null)
    {
        Paths = new PathResolver(location ?? Environment.CurrentDirectory);
        ConsoleHost = new SessionHost();
        State = new SessionState(this);
        Runspace = new SessionRunspace(State);
        Intrinsics = new EngineIntrinsics(Host, State);
    }

    public Runspace Runspace { get; }

    /// <summary>What $PWD is; differs from the process directory on purpose when a test sets it.</summary>
    public string Location
    {
        get => Paths.Location;
        set => Paths.Location = value;
    }

    /// <summary>Session variables by name; preferences such as ErrorActionPreference are read from here.</summary>
    public Dictionary<string, object?> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    public PSHost Host => ConsoleHost;

    public SessionState State { get; }

    internal SessionHost ConsoleHost { get; }

    internal PathResolver Paths { get; }

    internal EngineIntrinsics Intrinsics { get; }

    /// <summary>Answers the next prompts, in order. A prompt without an answer fails as in a non-interactive shell.</summary>
    public Session Answer(params ConfirmAnswer[] answers)
    {
        Array.ForEach(answers, _answers.Enqueue);
        return this;
    }

    /// <summary>Maps a drive such as TestDrive: to a folder.</summary>
    public Session AddDrive(string name, string root)
    {
        Paths.AddDrive(name, root);
        return this;
    }

    public PipelineBuilder Pipe<T>(object? parameters = null, params object?[] positional)
        where T : Cmdlet, new() => new PipelineBuilder(this).Pipe<T>(parameters, positional);

    public PipelineRun Invoke<T>(object? parameters = null, IEnumerable<object?>? input = null)
        where T : Cmdlet, new() => Pipe<T>(parameters).Invoke(input);

    /// <summary>What Tab offers behind a parameter of a cmdlet, from its completer.</summary>
    public IReadOnlyList<CompletionResult> Complete<T>(string parameter, string word, object? bound = null)
        where T : Cmdlet, new()
    {
        CmdletShape shape = CmdletShape.Of(typeof(T));
        ArgumentCompleterAttribute attribute = shape.Find(parameter).Completer
            ?? throw new ArgumentException($"{shape.Name} -{parameter} has no completer.", nameof(parameter));
        var completer = (IArgumentCompleter)Activator.CreateInstance(attribute.Type)!;
        Hashtable fake = new(Arguments.Named(bound).ToDictionary(), StringComparer.OrdinalIgnoreCase);
        return OnPipelineThread(() => completer
            .CompleteArgument(shape.Name, shape.Find(parameter).Name, word, new CommandAst(shape.Name), fake)
            .ToList());
    }

    /// <summary>Does what Import-Module does with an assembly: runs its initializers.</summary>
    public void Import(Assembly module) => OnPipelineThread(() =>
    {
        foreach (Type type in Implementing<IModuleAssemblyInitializer>(module))
        {
            ((IModuleAssemblyInitializer)Activator.CreateInstance(type)!).OnImport();
        }

        return true;
    });

    /// <summary>Does what Remove-Module does with an assembly: runs its cleanups.</summary>
    public void Remove(Assembly module) => OnPipelineThread(() =>
    {
        foreach (Type type in Implementing<IModuleAssemblyCleanup>(module))
        {
            ((IModuleAssemblyCleanup)Activator.CreateInstance(type)!)
                .OnRemove(new PSModuleInfo(module.GetName().Name!));
        }

        return true;
    });

    internal ConfirmAnswer NextAnswer(string prompt) => _answers.TryDequeue(out ConfirmAnswer answer)
        ? answer
        : throw new PSInvalidOperationException(
            $"PowerShell is in NonInteractive mode. Read and Prompt functionality is not available. Prompt: {prompt}");

    internal void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            throw new InvalidOperationException("A session runs one pipeline at a time; use a second session.");
        }
    }

    internal void Leave() => Volatile.Write(ref _busy, 0);

    private static IEnumerable<Type> Implementing<T>(Assembly module) =>
        module.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T)));

    private TResult OnPipelineThread<TResult>(Func<TResult> work) => PipelineThread.Run(this, work);
}
