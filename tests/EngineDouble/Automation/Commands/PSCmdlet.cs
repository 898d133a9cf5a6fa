using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace System.Management.Automation;

public abstract class PSCmdlet : Cmdlet
{
    public string ParameterSetName => Runtime.ParameterSetName;

    public InvocationInfo MyInvocation => Runtime.Invocation;

    public SessionState SessionState => Runtime.Session.State;

    public PSHost Host => Runtime.Session.Host;

    public CommandInvocationIntrinsics InvokeCommand { get; } = new();

    public PathInfo CurrentProviderLocation(string providerId) =>
        string.Equals(providerId, "FileSystem", StringComparison.OrdinalIgnoreCase)
            ? SessionState.Path.CurrentFileSystemLocation
            : throw new ProviderNotFoundException($"Cannot find a provider with the name '{providerId}'.");

    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);

    public object? GetVariableValue(string name) => SessionState.PSVariable.GetValue(name);

    public object? GetVariableValue(string name, object defaultValue) =>
        SessionState.PSVariable.GetValue(name, defaultValue);
}
