namespace NanoBanana.Gemini.Http;

/// <summary>Decides whether and when a failed call is sent again.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(60);

    /// <summary>The wait before the next try; null when there is none.</summary>
    /// <param name="e">How the try failed.</param>
    /// <param name="attempt">Which try it was, from 1.</param>
    /// <param name="waited">Time taken by earlier waits.</param>
    /// <param name="options">The client's options.</param>
    /// <exception cref="NbException">Another try is needed, but its wait would be too long.</exception>
    public static TimeSpan? NextWait(NbException e, int attempt, TimeSpan waited, GeminiClientOptions options)
    {
        if (attempt > options.MaximumRetryCount || !ShouldRetry(e, options)) return null;

        // Full jitter: many callers that failed together do not come back together.
        double backoff = Math.Min(
            options.RetryDelay.TotalSeconds * Math.Pow(2, attempt - 1), MaxBackoff.TotalSeconds);
        TimeSpan wait = (e.RetryAfter ?? TimeSpan.Zero) + TimeSpan.FromSeconds(backoff * options.Random());
        TimeSpan left = options.RetryBudget - waited;
        return wait <= left ? wait : throw ServiceErrors.WaitTooLong(e, wait, left);
    }

    private static bool ShouldRetry(NbException e, GeminiClientOptions options)
    {
        // A try that may have been billed, or that used up a whole timeout, is only repeated with consent.
        bool needsConsent = e.IsUncertain || e.ErrorId == ServiceErrors.TimedOutId;
        bool mayHelp = e.Kind is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout
            || e.ErrorId == ServiceErrors.GatewayFaultId || e.IsRetryable;
        return mayHelp && (needsConsent ? options.ResendUncertain : e.IsRetryable);
    }
}
