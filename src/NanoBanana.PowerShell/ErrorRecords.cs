using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Converts the library's errors to PowerShell's.</summary>
internal static class ErrorRecords
{
    /// <summary>The words for advice in PowerShell.</summary>
    public static WordList Words { get; } = WordList.Of(typeof(ErrorRecords).Assembly);

    /// <summary>What failed and what to do about it, in one line.</summary>
    public static string Sentences(NbException error) => $"{Words.Say(error.Message)} {Words.Say(error.Advice)}";

    /// <param name="error">What failed.</param>
    /// <param name="target">The target object; null for the error's own target.</param>
    /// <param name="subject">A name to put before the message when many items are made at once.</param>
    public static ErrorRecord From(NbException error, object? target = null, string? subject = null) =>
        new(error, error.ErrorId, CategoryOf(error.Kind), target ?? error.Target)
        {
            // The host shows the recommendation below the message.
            ErrorDetails =
                new ErrorDetails(subject is null ? Words.Say(error.Message) : $"{subject}: {Words.Say(error.Message)}")
                {
                    RecommendedAction = Words.Say(error.Advice),
                },
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
