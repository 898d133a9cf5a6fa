namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidateLengthAttribute(int minLength, int maxLength) : ValidateEnumeratedArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void ValidateElement(object? element)
    {
        if (element is not string text || text.Length < MinLength || text.Length > MaxLength)
        {
            throw new ValidationMetadataException(
                $"The character length of the argument \"{element}\" is not between {MinLength} and {MaxLength}.");
        }
    }
}
