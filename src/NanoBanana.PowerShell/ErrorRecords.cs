using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>The library's errors as PowerShell's.</summary>
internal static class ErrorRecords
{
    /// <param name="error">What failed.</param>
    /// <param name="target">What it is about; null for what the error itself says.</param>
    /// <param name="subject">A name to put before the message, where many things are made at once.</param>
    public static ErrorRecord From(NbException error, object? target = null, string? subject = null) =>
        new(error, error.ErrorId, CategoryOf(error.Kind), target ?? error.Target)
        {
            // The host shows the recommendation below the message.
            ErrorDetails =
                new ErrorDetails(subject is null ? error.Message
                : $"{subject}: {error.Message}") { RecommendedAction = error.Advice },
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
