namespace System.Management.Automation;

public class RuntimeException : SystemException, IContainsErrorRecord
{
    private readonly ErrorRecord? _record;
    private ErrorRecord? _own;

    public RuntimeException()
    {
    }

    public RuntimeException(string? message)
        : base(message)
    {
    }

    public RuntimeException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public RuntimeException(string? message, Exception? innerException, ErrorRecord? errorRecord)
        : base(message, innerException) => _record = errorRecord;

    public virtual ErrorRecord ErrorRecord => _record ?? (_own ??= CreateRecord());

    private protected virtual ErrorRecord CreateRecord() =>
        new(this, nameof(RuntimeException), ErrorCategory.NotSpecified, null);
}
