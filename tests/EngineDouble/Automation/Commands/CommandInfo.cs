namespace System.Management.Automation;

public abstract class CommandInfo
{
    internal CommandInfo(string name, string moduleName)
    {
        Name = name;
        ModuleName = moduleName;
    }

    public string Name { get; }

    public string ModuleName { get; }

    public override string ToString() => Name;
}
