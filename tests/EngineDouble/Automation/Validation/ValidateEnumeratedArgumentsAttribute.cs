using System.Collections;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    protected abstract void ValidateElement(object? element);

    protected sealed override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null)
        {
            throw new ValidationMetadataException("The argument is null. Provide a valid value for the argument.");
        }

        if (arguments is not string and IEnumerable many)
        {
            foreach (object? one in many)
            {
                ValidateElement(one);
            }

            return;
        }

        ValidateElement(arguments);
    }
}
