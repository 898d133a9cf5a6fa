namespace NanoBanana.Errors;

/// <summary>Every error of this library: what failed, and what to do about it.</summary>
public sealed class NbException : Exception
{
    /// <summary>Makes an error; use the factories of the error classes, which hold ids and words in one place. Secrets
    /// and control characters are removed from the words (<see cref="SafeText"/>).</summary>
    public NbException(string errorId, NbErrorKind kind, string message, string advice, Exception? inner = null)
        : base(SafeText.Of(message), inner)
    {
        ErrorId = errorId;
        Kind = kind;
        Advice = SafeText.Of(advice);
    }

    /// <summary>Stable id such as <c>Nb.Request.UnsupportedSize</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The sort of failure.</summary>
    public NbErrorKind Kind { get; }

    /// <summary>What to do or type.</summary>
    public string Advice { get; }

    /// <summary>HTTP status of the answer; null when there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The service's own status word, such as <c>RESOURCE_EXHAUSTED</c>.</summary>
    public string? ServerStatus { get; init; }

    /// <summary>Finish or block reason when the service answered without an image.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the request was not billed and may succeed when sent again later.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>Whether the service refused it only because there were too many requests.</summary>
    public bool IsRateLimit => ErrorId == "Nb.Service.RateLimited";

    /// <summary>Whether every other request of this account would fail in the same way.</summary>
    public bool IsAccountWide => Kind == NbErrorKind.AuthenticationError || Reason == "PUP_LIMITED_DISABLED"
        || ErrorId is "Nb.Service.QuotaExhausted" or "Nb.Service.PermissionDenied" or "Nb.Service.LocationUnsupported"
            or "Nb.Service.ProjectSuspended" or "Nb.Service.BillingStopped" or "Nb.Service.WrongAddress"
                or "Nb.Service.CertificateRefused"
            or "Nb.Service.ProxyRefused" or "Nb.Service.UploadsOff";

    /// <summary>How long the service asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The request may have been carried out and billed although no whole answer arrived.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Prompt, path or item the error is about; never a secret.</summary>
    public string? Target { get; init; }

    /// <summary>Full path of the file that keeps what had arrived of the answer; null where none does.</summary>
    internal string? KeptAs { get; init; }

    /// <summary>Names the answer that gave no image, so that its money is counted once; null when none
    /// came.</summary>
    internal string? AnswerId { get; init; }

    /// <summary>What the call cost although it gave no image, USD; null when unknown or nothing.</summary>
    public decimal? Cost { get; init; }
}
