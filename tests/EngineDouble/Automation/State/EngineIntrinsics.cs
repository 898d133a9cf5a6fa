using System.Management.Automation.Host;

namespace System.Management.Automation;

public class EngineIntrinsics
{
    internal EngineIntrinsics(PSHost host, SessionState sessionState)
    {
        Host = host;
        SessionState = sessionState;
    }

    public PSHost Host { get; }

    public SessionState SessionState { get; }
}
