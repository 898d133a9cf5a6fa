using System.Security.Authentication;

namespace NanoBanana.Gemini.Http;

/// <summary>Distinguishes refusals, after which nothing was carried out, from faults on the way to the service, after
/// which the outcome is unknown.</summary>
internal static class FaultClassifier
{
    /// <summary>Whether a completely sent request may have been carried out and billed in spite of this
    /// error.</summary>
    /// <remarks>
    /// The service's own statement is trusted. A gateway, proxy or load balancer is trusted only when it says that the
    /// request was not passed on: a 502 or 504 means that it was, and that the answer was lost.
    /// </remarks>
    public static bool IsUncertain(ServiceError error) => !error.IsOwn && !IsRefusal(error.Status);

    /// <summary>Whether an error in the body of a successful answer may be billed: it may come from a gateway that
    /// stopped waiting.</summary>
    public static NbException Inside(ServiceError error) =>
        IsUncertain(error) ? ServiceErrors.GatewayFault("the service", error) : ServiceErrors.From(error);

    /// <summary>The error for a request that never left: no connection, no trust, or no way through the
    /// proxy.</summary>
    /// <param name="host">The host of the request.</param>
    /// <param name="e">The platform's exception.</param>
    public static NbException NotConnected(string host, Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError }
            when e.Message.Contains("407", StringComparison.Ordinal) =>
            ServiceErrors.ProxyRefused(host, e),
        // A handshake that broke off may succeed the next time.
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError,
            InnerException: AuthenticationException } =>
            ServiceErrors.CertificateRefused(host, e),
        _ => ServiceErrors.NotConnected(host, e),
    };

    // RFC 9110 and the registry of status codes: the request was refused for its content, its sender, or its frequency.
    // Not 408, 499 and the like, where one side stopped waiting.
    private static bool IsRefusal(int status) => status switch
    {
        >= 300 and < 400 => true,
        >= 400 and <= 407 => true,
        >= 409 and <= 431 => true,
        451 => true,
        // No such method, no such version of HTTP, extension needed, log in to the network first.
        501 or 505 or 510 or 511 => true,
        _ => false,
    };
}
