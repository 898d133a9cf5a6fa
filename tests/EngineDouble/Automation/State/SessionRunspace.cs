namespace System.Management.Automation.Runspaces;

internal sealed class SessionRunspace(SessionState state) : Runspace(state);
