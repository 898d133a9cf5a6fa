namespace System.Management.Automation;

public class ProviderInfo
{
    internal ProviderInfo(string name) => Name = name;

    public string Name { get; }

    public override string ToString() => $"Microsoft.PowerShell.Core\\{Name}";
}
