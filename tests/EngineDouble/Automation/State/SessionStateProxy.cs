namespace System.Management.Automation.Runspaces;

public class SessionStateProxy
{
    private readonly SessionState _state;

    internal SessionStateProxy(SessionState state) => _state = state;

    public virtual PathIntrinsics Path => _state.Path;
}
