namespace System.Management.Automation;

internal sealed class ParameterBindingArgumentTransformationException(
    string parameterName, string message, Exception innerException)
    : ParameterBindingException(
        "ParameterArgumentTransformationError", ErrorCategory.InvalidData, parameterName, message, innerException);
