namespace System.Management.Automation;

public class PSTypeName
{
    public PSTypeName(Type type)
    {
        Type = type;
        Name = type.FullName!;
    }

    public PSTypeName(string name) => Name = name;

    public string Name { get; }

    public Type? Type { get; }

    public override string ToString() => Name;
}
