using EngineDouble;

namespace System.Management.Automation;

public class ErrorRecord
{
    private readonly string _errorId;
    private readonly ErrorCategory _category;

    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception = exception;
        _errorId = errorId ?? "";
        _category = errorCategory;
        TargetObject = targetObject;
        CategoryInfo = new ErrorCategoryInfo(this, _category);
    }

    public ErrorRecord(ErrorRecord errorRecord, Exception replaceParentContainsErrorRecordException)
        : this(
            replaceParentContainsErrorRecordException ?? errorRecord.Exception,
            errorRecord._errorId,
            errorRecord._category,
            errorRecord.TargetObject)
    {
        ErrorDetails = errorRecord.ErrorDetails;
        InvocationInfo = errorRecord.InvocationInfo;
    }

    public Exception Exception { get; }

    public object? TargetObject { get; internal set; }

    public ErrorCategoryInfo CategoryInfo { get; }

    public ErrorDetails? ErrorDetails { get; set; }

    public InvocationInfo? InvocationInfo { get; internal set; }

    // The engine appends the cmdlet's class once the record has passed through a cmdlet.
    public string FullyQualifiedErrorId =>
        InvocationInfo?.MyCommand is CmdletInfo cmdlet ? $"{_errorId},{cmdlet.ImplementingType.FullName}" : _errorId;

    internal string ErrorId => _errorId;

    public override string ToString() =>
        string.IsNullOrEmpty(ErrorDetails?.Message) ? Exception.Message : ErrorDetails.Message;

    internal static ErrorRecord Of(Exception exception) =>
        exception is IContainsErrorRecord { ErrorRecord: { } inside }
            ? new ErrorRecord(inside, exception)
            : new ErrorRecord(exception, exception.GetType().FullName!, ErrorCategory.NotSpecified, null);

    internal string Dump() => string.Join('\n',
        FullyQualifiedErrorId, CategoryInfo, ErrorDetails?.Message, ErrorDetails?.RecommendedAction,
        Conversion.ToText(TargetObject), Exception);
}
