using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>What the module remembers between commands. Every runspace has its own, as it has its own variables.</summary>
internal sealed class RunspaceState
{
    private static readonly ConcurrentDictionary<Guid, RunspaceState> States = new();

    private string? _notice;

    /// <summary>That of the runspace the caller runs in.</summary>
    public static RunspaceState Current => States.GetOrAdd(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty, _ => new RunspaceState());

    /// <summary>The connection used when none is named; null before the first, and when the environment it was made of has changed.</summary>
    public NbConnection? Connection
    {
        get => field is { IsCurrent: true } ? field : null;
        set;
    }

    /// <summary>The anchors that have been set, by name.</summary>
    public SortedDictionary<string, Anchor> Anchors { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The batches that were started here, oldest first.</summary>
    public List<NbBatch> Batches { get; } = [];

    /// <summary>The emulators that listen, in the order they were started.</summary>
    public List<NbEmulator> Emulators { get; } = [];

    /// <summary>Leaves word for the next command that makes images.</summary>
    public void Leave(string notice) => _notice = notice;

    /// <summary>What the last command could not say any more; once, then null.</summary>
    public string? TakeNotice() => Interlocked.Exchange(ref _notice, null);

    /// <summary>Finds an emulator.</summary>
    /// <exception cref="NbException">None listens on that port.</exception>
    public NbEmulator FindEmulator(int port) =>
        Emulators.Find(emulator => emulator.Port == port) ?? throw EmulatorErrors.UnknownEmulator(port);
}
