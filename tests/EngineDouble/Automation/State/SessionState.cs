using EngineDouble;

namespace System.Management.Automation;

public sealed class SessionState
{
    internal SessionState(Session session)
    {
        Path = new PathIntrinsics(session.Paths);
        PSVariable = new PSVariableIntrinsics(session);
    }

    public PathIntrinsics Path { get; }

    public PSVariableIntrinsics PSVariable { get; }
}
