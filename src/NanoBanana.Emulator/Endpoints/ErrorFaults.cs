using System.Globalization;
using System.Text;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>The faults that answer instead of the service.</summary>
internal static class ErrorFaults
{
    private const string DefaultDelay = "37.363665079s";

    /// <summary>Whether the service does its work, and bills it, before something else answers.</summary>
    public static bool IsLate(FaultRule rule) =>
        rule.Billed ?? rule.Kind is FaultKind.LateBadGateway or FaultKind.LateGatewayTimeout;

    /// <summary>The answer, or null when the fault is of another kind.</summary>
    public static EmulatorResponse? Answer(FaultRule rule, EmulatorRequest request) => rule.Kind switch
    {
        FaultKind.RateLimit =>
            Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel", "10", rule.RetryDelay ?? DefaultDelay)),
        FaultKind.PerDayQuota =>
            Error(Quota(rule, "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "100", rule.RetryDelay
            ?? DefaultDelay)),
        FaultKind.ZeroQuota =>
            Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0", rule.RetryDelay
            ?? DefaultDelay)),
        FaultKind.SpendLimit => Error(Quota(rule, "SpendPerTenMinutesPerProject", "10", retryDelay: null)),
        FaultKind.RetryAfter =>
            Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel", "10", retryDelay: null))
            .With("Retry-After", rule.RetryDelay ?? "2"),
        FaultKind.Internal => Error(new ServiceException(500, "INTERNAL", rule.Message
            ?? "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")),
        FaultKind.Unavailable => Error(Overloaded(rule)),
        FaultKind.Deadline => Error(new ServiceException(504, "DEADLINE_EXCEEDED",
            rule.Message ?? "Deadline expired before operation could complete.")),
        FaultKind.RequestTimeout =>
            Error(new ServiceException(408, "DEADLINE_EXCEEDED", rule.Message ?? "Request timed out.")),
        FaultKind.Status =>
            Error(new ServiceException(rule.Code ?? 500, rule.Reason ?? "UNKNOWN", rule.Message
            ?? "A scripted error.")),
        FaultKind.ArrayError => EmulatorResponse.Json(rule.Code ?? 503,
            new object[] { new WireObject { { "error", Overloaded(rule).ToWire() } } }),
        FaultKind.LeakedKey => Error(new ServiceException(403, "PERMISSION_DENIED",
            rule.Message ?? "Your API key was reported as leaked. Please use another API key.")),
        FaultKind.SuspendedProject => Error(Suspended(rule)),
        FaultKind.BillingDisabled => Error(new ServiceException(403, "PERMISSION_DENIED", rule.Message
            ?? "This API method requires billing to be enabled. Please enable billing on project #123456789 by visiting "
            + "https://console.developers.google.com/billing/enable?project=123456789 then retry.")),
        FaultKind.StorageQuota => Error(new ServiceException(429, "RESOURCE_EXHAUSTED",
            rule.Message ?? "You have exceeded the file storage quota: 20 GB for this project. Please delete files or wait until they expire.")),
        FaultKind.UnprocessableImage => Error(ServiceException.InvalidArgument(
            rule.Message ?? "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")),
        FaultKind.BadGateway or FaultKind.LateBadGateway =>
            EmulatorResponse.Html(502, "Bad Gateway", rule.Message
                ?? "The server returned an invalid or incomplete response."),
        FaultKind.GatewayTimeout or FaultKind.LateGatewayTimeout =>
            EmulatorResponse.Html(504, "Gateway Time-out", rule.Message ?? "The server did not answer in time."),
        FaultKind.ProxyAuthentication =>
            EmulatorResponse.Html(407, "Proxy Authentication Required", rule.Message
                ?? "The proxy demands a user and a password.")
                .With("Proxy-Authenticate", "Basic realm=\"proxy\""),
        FaultKind.FilesMissing => EmulatorResponse.Html(
            rule.Code ?? 404, "Not Found", $"The requested URL {request.Path} was not found on this server."),
        FaultKind.EchoKey => Echo(rule, KeyCheck.Given(request) ?? ""),
        FaultKind.WrappedError => WrappedError.Answer(rule),
        FaultKind.Html =>
            EmulatorResponse.Html(rule.Code ?? 503, "Service Unavailable", rule.Message ?? "A proxy speaks here."),
        FaultKind.EmptyBody =>
            EmulatorResponse.Bytes(rule.Code ?? 200, "application/json; charset=UTF-8", ReadOnlyMemory<byte>.Empty),
        _ => null,
    };

    // A gateway in debug mode repeats the request in its answer.
    private static EmulatorResponse Echo(FaultRule rule, string key) => rule.Code is null or 200
        ? EmulatorResponse.Bytes(200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(
            $"upstream request: POST https://generativelanguage.googleapis.com/ x-goog-api-key: {key} (debug)\n"))
        : Error(new ServiceException(rule.Code.Value, rule.Reason
            ?? "PERMISSION_DENIED", $"The key {key} may not do this."));

    private static ServiceException Suspended(FaultRule rule) => new(403, "PERMISSION_DENIED",
        rule.Message ?? "Permission denied: Consumer 'projects/123456789' has been suspended.",
        ServiceException.Detail("ErrorInfo",
            new KeyValuePair<string, object?>("reason", "CONSUMER_SUSPENDED"),
            new KeyValuePair<string, object?>("domain", "googleapis.com"),
            new KeyValuePair<string, object?>("metadata",
                new WireObject { { "service", "generativelanguage.googleapis.com" } })));

    private static EmulatorResponse Error(ServiceException error) =>
        EmulatorResponse.Json(error.Code, new WireObject { { "error", error.ToWire() } });

    private static ServiceException Overloaded(FaultRule rule) => new(rule.Code ?? 503, "UNAVAILABLE",
        rule.Message ?? "The model is overloaded. Please try again later.");

    internal static ServiceException Quota(FaultRule rule, string quotaId, string quotaValue, string? retryDelay)
    {
        string retry = retryDelay is null ? ""
            : string.Create(CultureInfo.InvariantCulture, $"\nPlease retry in {retryDelay}.");
        List<WireObject> details =
        [
            ServiceException.Detail("QuotaFailure", new KeyValuePair<string, object?>("violations", new[]
            {
                new WireObject
                {
                    { "quotaMetric", "generativelanguage.googleapis.com/generate_content_requests" },
                    { "quotaId", quotaId },
                    { "quotaDimensions", new WireObject { { "location", "global" } } },
                    { "quotaValue", quotaValue },
                },
            })),
            ServiceException.Detail("Help", new KeyValuePair<string, object?>("links", new[]
            {
                new WireObject
                {
                    { "description", "Learn more about Gemini API quotas" },
                    { "url", "https://ai.google.dev/gemini-api/docs/rate-limits" },
                },
            })),
        ];
        if (retryDelay is not null)
        {
            details.Add(ServiceException.Detail("RetryInfo",
                new KeyValuePair<string, object?>("retryDelay", retryDelay)));
        }

        string message = rule.Message
            ?? "You exceeded your current quota, please check your plan and billing details." + retry;
        return new ServiceException(429, "RESOURCE_EXHAUSTED", message, [.. details]);
    }
}
