using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>The double runs no scripts: a cmdlet that needs one is tested in the real engine.</summary>
public class CommandInvocationIntrinsics
{
    public Collection<PSObject> InvokeScript(string script, params object[] args) =>
        throw new RuntimeException("The engine double runs no scripts.");
}
