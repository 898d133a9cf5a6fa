using System.Security.Authentication;

namespace NanoBanana.Gemini.Http;

/// <summary>Tells refusals, after which nothing was carried out, from faults of something between here and the service,
/// after which it is unknown.</summary>
internal static class FaultClassifier
{
    /// <summary>Whether a request that was sent whole may have been carried out, and billed, although this came
    /// back.</summary>
    /// <remarks>
    /// The service's own word is believed. Of anybody else's (a gateway, a proxy, a load balancer) only what says that
    /// the request was
    /// not passed on: a 502 or 504 means that it was, and that the answer was lost.
    /// </remarks>
    public static bool IsUncertain(ServiceError error) => !error.IsOwn && !IsRefusal(error.Status);

    /// <summary>An error in the body of an answer that says it went well: of a gateway, which may have given up
    /// waiting, or the service's own.</summary>
    public static NbException Inside(ServiceError error) =>
        IsUncertain(error) ? ServiceErrors.GatewayFault("the service", error) : ServiceErrors.From(error);

    /// <summary>The error for a request that never left: no connection, no trust, or no way through the
    /// proxy.</summary>
    /// <param name="host">Who was to be asked.</param>
    /// <param name="e">What the platform says.</param>
    public static NbException NotConnected(string host, Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError }
            when e.Message.Contains("407", StringComparison.Ordinal) =>
            ServiceErrors.ProxyRefused(host, e),
        // A handshake that merely broke off may succeed the next time.
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError,
            InnerException: AuthenticationException } =>
            ServiceErrors.CertificateRefused(host, e),
        _ => ServiceErrors.NotConnected(host, e),
    };

    // RFC 9110 and the registry of status codes: turned away for what the request is, who sent it, or how often.
    // Not 408, 499 and their like: somebody stopped waiting.
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
