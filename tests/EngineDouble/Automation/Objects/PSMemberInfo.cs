namespace System.Management.Automation;

public abstract class PSMemberInfo
{
    public string Name { get; private protected init; } = "";

    public abstract PSMemberTypes MemberType { get; }

    public abstract object? Value { get; set; }

    public abstract string TypeNameOfValue { get; }

    public override string ToString() => $"{Name}={Value}";
}
