namespace NanoBanana.Errors;

/// <summary>The category of a failure. Names and meanings are those of PowerShell's error categories, so that a cmdlet
/// need only translate them.</summary>
public enum NbErrorKind
{
    /// <summary>The request or a file is wrong (HTTP 400 and everything found before sending).</summary>
    InvalidArgument,

    /// <summary>No key, or a key the service does not accept (HTTP 401).</summary>
    AuthenticationError,

    /// <summary>The key is known but may not do this (HTTP 403).</summary>
    PermissionDenied,

    /// <summary>A model, file, anchor or path that does not exist (HTTP 404).</summary>
    ObjectNotFound,

    /// <summary>No answer in time (HTTP 408 or 504, or the timeout of this client).</summary>
    OperationTimeout,

    /// <summary>A quota, rate limit or budget is exceeded (HTTP 429).</summary>
    LimitsExceeded,

    /// <summary>The service is overloaded or broken (HTTP 5xx).</summary>
    ResourceUnavailable,

    /// <summary>The network failed.</summary>
    ConnectionError,

    /// <summary>An answer without an image: blocked, refused or only words.</summary>
    InvalidResult,

    /// <summary>An answer or a file that cannot be read.</summary>
    ParserError,

    /// <summary>A file exists already, or another process is using it.</summary>
    ResourceExists,

    /// <summary>A file cannot be read.</summary>
    ReadError,

    /// <summary>A file cannot be written.</summary>
    WriteError,
}
