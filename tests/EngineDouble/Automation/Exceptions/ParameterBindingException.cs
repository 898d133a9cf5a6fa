namespace System.Management.Automation;

public class ParameterBindingException : RuntimeException
{
    public ParameterBindingException()
    {
    }

    public ParameterBindingException(string? message)
        : base(message)
    {
    }

    public ParameterBindingException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ParameterBindingException(
        string errorId,
        ErrorCategory category,
        string? parameterName,
        string message,
        Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        ParameterName = parameterName;
        Category = category;
    }

    public string ErrorId { get; } = "";

    public string? ParameterName { get; }

    internal ErrorCategory Category { get; } = ErrorCategory.InvalidArgument;

    private protected override ErrorRecord CreateRecord() => new(this, ErrorId, Category, null);
}
