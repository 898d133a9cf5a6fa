using EngineDouble;

namespace System.Management.Automation;

public sealed class PSVariableIntrinsics
{
    private readonly Dictionary<string, object?> _variables;

    internal PSVariableIntrinsics(Session session) => _variables = session.Variables;

    public PSVariable? Get(string name) =>
        _variables.TryGetValue(name, out object? value) ? new PSVariable(name, value) : null;

    public object? GetValue(string name) => GetValue(name, null!);

    public object? GetValue(string name, object defaultValue) => _variables.GetValueOrDefault(name, defaultValue);

    public void Set(string name, object? value) => _variables[name] = value;

    public void Remove(string name) => _variables.Remove(name);
}
