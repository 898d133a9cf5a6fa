using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>What the module remembers between commands. Every runspace has its own, as it has its own variables.</summary>
internal sealed class RunspaceState
{
    private static readonly ConcurrentDictionary<Guid, RunspaceState> States = new();

    /// <summary>That of the runspace the caller runs in.</summary>
    public static RunspaceState Current => States.GetOrAdd(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty, _ => new RunspaceState());

    /// <summary>The connection used when none is named; null before the first.</summary>
    public NbConnection? Connection { get; set; }

    /// <summary>The anchors that have been set, by name.</summary>
    public SortedDictionary<string, Anchor> Anchors { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The emulators that listen, in the order they were started.</summary>
    public List<NbEmulator> Emulators { get; } = [];

    /// <summary>Finds an emulator.</summary>
    /// <exception cref="NbException">None listens on that port.</exception>
    public NbEmulator FindEmulator(int port) =>
        Emulators.Find(emulator => emulator.Port == port) ?? throw NbErrors.UnknownEmulator(port);

    /// <summary>The anchors that a name means, wildcards included.</summary>
    /// <exception cref="NbException">It has no wildcard and nobody has set it, or its wildcards are broken.</exception>
    public IReadOnlyList<Anchor> MatchAnchors(string name)
    {
        var pattern = new NamePattern(name);
        return pattern.IsWildcard ? [.. Anchors.Values.Where(anchor => pattern.Matches(anchor.Name))] : [FindAnchor(name)];
    }

    /// <summary>Finds an anchor.</summary>
    /// <exception cref="NbException">Nobody has set it.</exception>
    public Anchor FindAnchor(string name) =>
        Anchors.TryGetValue(name, out Anchor? anchor) ? anchor : throw NbErrors.UnknownAnchor(name, Anchors.Keys);
}
