using System.Collections;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        int count = arguments switch
        {
            null => 0,
            string => throw new ValidationMetadataException("ValidateCount needs an argument that is an array."),
            IEnumerable many => many.Cast<object?>().Count(),
            _ => throw new ValidationMetadataException("ValidateCount needs an argument that is an array."),
        };
        if (count < MinLength || count > MaxLength)
        {
            throw new ValidationMetadataException(
                $"The number of provided arguments ({count}) is not between {MinLength} and {MaxLength}.");
        }
    }
}
