using System.Management.Automation.Internal;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute : CmdletMetadataAttribute
{
    public OutputTypeAttribute(params Type[] type) => Type = [.. type.Select(t => new PSTypeName(t))];

    public OutputTypeAttribute(params string[] type) => Type = [.. type.Select(t => new PSTypeName(t))];

    public PSTypeName[] Type { get; }

    public string? ProviderCmdlet { get; set; }

    public string[] ParameterSetName { get; set; } = [ParameterAttribute.AllParameterSets];
}
