using System.Globalization;
using EngineDouble;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidateRangeAttribute(object minRange, object maxRange) : ValidateEnumeratedArgumentsAttribute
{
    public object MinRange { get; } = minRange;

    public object MaxRange { get; } = maxRange;

    protected override void ValidateElement(object? element)
    {
        if (!Conversion.TryConvert(element, MinRange.GetType(), out object? value)
            || value is not IComparable comparable
            || !Conversion.TryConvert(MaxRange, MinRange.GetType(), out object? max))
        {
            throw new ValidationMetadataException($"The argument \"{element}\" cannot be compared with the range.");
        }

        if (comparable.CompareTo(MinRange) < 0)
        {
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
                $"The {element} argument is less than the minimum allowed range of {MinRange}."));
        }

        if (comparable.CompareTo(max) > 0)
        {
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture,
                $"The {element} argument is greater than the maximum allowed range of {MaxRange}."));
        }
    }
}
