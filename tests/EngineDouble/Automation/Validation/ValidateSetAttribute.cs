using EngineDouble;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    public IList<string> ValidValues { get; } = validValues;

    public bool IgnoreCase { get; set; } = true;

    protected override void ValidateElement(object? element)
    {
        StringComparer comparer = IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (!ValidValues.Contains(Conversion.ToText(element), comparer))
        {
            throw new ValidationMetadataException(
                $"The argument \"{element}\" does not belong to the set \"{string.Join(",", ValidValues)}\".");
        }
    }
}
