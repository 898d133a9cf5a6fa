using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>The library's errors as PowerShell's.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(NbException error, object? target = null) =>
        new(error, error.ErrorId, CategoryOf(error.Kind), target ?? error.Target)
        {
            // The host shows the recommendation below the message.
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.Advice },
        };

    private static ErrorCategory CategoryOf(NbErrorKind kind) => kind switch
    {
        NbErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        NbErrorKind.AuthenticationError => ErrorCategory.AuthenticationError,
        NbErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        NbErrorKind.ObjectNotFound => ErrorCategory.ObjectNotFound,
        NbErrorKind.OperationTimeout => ErrorCategory.OperationTimeout,
        NbErrorKind.LimitsExceeded => ErrorCategory.LimitsExceeded,
        NbErrorKind.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        NbErrorKind.ConnectionError => ErrorCategory.ConnectionError,
        NbErrorKind.InvalidResult => ErrorCategory.InvalidResult,
        NbErrorKind.ParserError => ErrorCategory.ParserError,
        NbErrorKind.ResourceExists => ErrorCategory.ResourceExists,
        NbErrorKind.ReadError => ErrorCategory.ReadError,
        NbErrorKind.WriteError => ErrorCategory.WriteError,
        _ => ErrorCategory.InvalidOperation,
    };
}
