namespace System.Management.Automation;

public class PSVariable(string name, object? value)
{
    public string Name { get; } = name;

    public virtual object? Value { get; set; } = value;
}
