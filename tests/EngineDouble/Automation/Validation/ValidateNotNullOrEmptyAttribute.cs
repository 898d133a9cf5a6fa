using System.Collections;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ValidateNotNullOrEmptyAttribute : NullValidationAttributeBase
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        CheckNotNull(arguments);
        bool empty = arguments switch
        {
            string text => text.Length == 0,
            IEnumerable many => !many.Cast<object?>().Any() || many.Cast<object?>().Any(one => one is string { Length: 0 }),
            _ => false,
        };
        if (empty)
        {
            throw new ValidationMetadataException(
                "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.");
        }
    }
}
