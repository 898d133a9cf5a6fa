using System.Text.RegularExpressions;
using EngineDouble;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidatePatternAttribute(string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    public string RegexPattern { get; } = regexPattern;

    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    protected override void ValidateElement(object? element)
    {
        if (!Regex.IsMatch(Conversion.ToText(element), RegexPattern, Options))
        {
            throw new ValidationMetadataException(
                $"The argument \"{element}\" does not match the \"{RegexPattern}\" pattern.");
        }
    }
}
