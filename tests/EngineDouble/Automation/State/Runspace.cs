namespace System.Management.Automation.Runspaces;

public abstract class Runspace
{
    // Thread-static as in the engine: a worker thread has no runspace, and code that looks there for one must notice.
    [ThreadStatic]
    private static Runspace? _defaultRunspace;

    private static int _lastId;

    internal Runspace(SessionState state)
    {
        Id = Interlocked.Increment(ref _lastId);
        SessionStateProxy = new SessionStateProxy(state);
    }

    public static Runspace? DefaultRunspace
    {
        get => _defaultRunspace;
        set => _defaultRunspace = value;
    }

    public SessionStateProxy SessionStateProxy { get; }

    public Guid InstanceId { get; } = Guid.NewGuid();

    public int Id { get; }

    public string Name { get; set; } = "";
}
