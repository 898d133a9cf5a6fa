using System.Collections;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class NullValidationAttributeBase : ValidateArgumentsAttribute
{
    private protected static void CheckNotNull(object? arguments)
    {
        bool refused = arguments is null
            || (arguments is not string and IEnumerable many && many.Cast<object?>().Any(one => one is null));
        if (refused)
        {
            throw new ValidationMetadataException(
                "The argument is null. Provide a valid value for the argument, and then try running the command again.");
        }
    }
}
