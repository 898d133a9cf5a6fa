namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public class PSTypeNameAttribute(string psTypeName) : Attribute
{
    public string PSTypeName { get; } = psTypeName;
}
