namespace System.Management.Automation.Runspaces;

internal sealed class SessionRunspace : Runspace;
