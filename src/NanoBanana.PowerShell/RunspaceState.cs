using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using NanoBanana.Requests;
using State = System.Management.Automation.Runspaces.RunspaceState;

namespace NanoBanana.PowerShell;

/// <summary>What the module remembers between commands. Every runspace has its own, as it has its own
/// variables.</summary>
internal sealed class RunspaceState
{
    private static readonly ConcurrentDictionary<Guid, RunspaceState> States = new();

    private string? _notice;

    /// <summary>The state of the caller's runspace.</summary>
    public static RunspaceState Current =>
        Runspace.DefaultRunspace is { } runspace ? Of(runspace) : States.GetOrAdd(Guid.Empty, _ => new RunspaceState());

    /// <summary>The default connection; null before the first one, and when the environment it was made from has
    /// changed.</summary>
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

    /// <summary>The web routes that were started here, oldest first.</summary>
    public List<NbWeb> Webs { get; } = [];

    /// <summary>Whether another runspace of this process is connected.</summary>
    public static bool IsConnectedElsewhere =>
        States.Values.Any(state => state != Current && state.Connection is { IsClosed: false });

    /// <summary>Whether a runspace has a state.</summary>
    public static bool IsKept(Guid runspace) => States.ContainsKey(runspace);

    /// <summary>Stops the emulators and web routes, so that no port stays open.</summary>
    public void StopServers()
    {
        foreach (NbEmulator emulator in Emulators) emulator.Dispose();
        Emulators.Clear();
        foreach (NbWeb web in Webs) web.Dispose();
        Webs.Clear();
    }

    /// <summary>Leaves a notice for the next command that makes images.</summary>
    public void Leave(string notice) => _notice = notice;

    /// <summary>The notice that the last command could not write; returned once, then null.</summary>
    public string? TakeNotice() => Interlocked.Exchange(ref _notice, null);

    /// <summary>Finds an emulator.</summary>
    /// <exception cref="NbException">None listens on that port.</exception>
    public NbEmulator FindEmulator(int port) =>
        Emulators.Find(emulator => emulator.Port == port) ?? throw EmulatorErrors.UnknownEmulator(port);

    private static RunspaceState Of(Runspace runspace)
    {
        RunspaceState state = States.GetOrAdd(runspace.InstanceId, _ =>
        {
            runspace.StateChanged += OnStateChanged;
            return new RunspaceState();
        });
        // It may have closed before the event was subscribed.
        EndIfClosed(runspace);
        return state;
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e) => EndIfClosed((Runspace)sender!);

    private static void EndIfClosed(Runspace runspace)
    {
        if (runspace.RunspaceStateInfo.State is not (State.Closed
            or State.Broken)) return;
        runspace.StateChanged -= OnStateChanged;
        // Connections stay open, because another runspace may use them, and batches continue in their folders.
        if (States.TryRemove(runspace.InstanceId, out RunspaceState? ended)) ended.StopServers();
    }
}
