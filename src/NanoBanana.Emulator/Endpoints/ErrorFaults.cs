using System.Globalization;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>The faults that answer instead of the service.</summary>
internal static class ErrorFaults
{
    private const string DefaultDelay = "37.363665079s";

    /// <summary>The answer, or null when the fault is of another kind.</summary>
    public static EmulatorResponse? Answer(FaultRule rule) => rule.Kind switch
    {
        FaultKind.RateLimit => Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel", "10", rule.RetryDelay ?? DefaultDelay)),
        FaultKind.PerDayQuota => Error(Quota(rule, "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "100", rule.RetryDelay ?? DefaultDelay)),
        FaultKind.ZeroQuota => Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0", rule.RetryDelay ?? DefaultDelay)),
        FaultKind.SpendLimit => Error(Quota(rule, "SpendPerTenMinutesPerProject", "10", retryDelay: null)),
        FaultKind.RetryAfter => Error(Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel", "10", retryDelay: null))
            .With("Retry-After", rule.RetryDelay ?? "2"),
        FaultKind.Internal => Error(new ServiceException(500, "INTERNAL", rule.Message
            ?? "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")),
        FaultKind.Unavailable => Error(Overloaded(rule)),
        FaultKind.Deadline => Error(new ServiceException(504, "DEADLINE_EXCEEDED",
            rule.Message ?? "Deadline expired before operation could complete.")),
        FaultKind.RequestTimeout => Error(new ServiceException(408, "DEADLINE_EXCEEDED", rule.Message ?? "Request timed out.")),
        FaultKind.Status => Error(new ServiceException(rule.Code ?? 500, rule.Reason ?? "UNKNOWN", rule.Message ?? "A scripted error.")),
        FaultKind.ArrayError => EmulatorResponse.Json(rule.Code ?? 503,
            new object[] { new WireObject { { "error", Overloaded(rule).ToWire() } } }),
        FaultKind.BadGateway => EmulatorResponse.Html(502, "Bad Gateway", "The server returned an invalid or incomplete response."),
        FaultKind.Html => EmulatorResponse.Html(rule.Code ?? 503, "Service Unavailable", rule.Message ?? "A proxy speaks here."),
        FaultKind.EmptyBody => EmulatorResponse.Bytes(rule.Code ?? 200, "application/json; charset=UTF-8", ReadOnlyMemory<byte>.Empty),
        _ => null,
    };

    private static EmulatorResponse Error(ServiceException error) =>
        EmulatorResponse.Json(error.Code, new WireObject { { "error", error.ToWire() } });

    private static ServiceException Overloaded(FaultRule rule) => new(rule.Code ?? 503, "UNAVAILABLE",
        rule.Message ?? "The model is overloaded. Please try again later.");

    private static ServiceException Quota(FaultRule rule, string quotaId, string quotaValue, string? retryDelay)
    {
        string retry = retryDelay is null ? "" : string.Create(CultureInfo.InvariantCulture, $"\nPlease retry in {retryDelay}.");
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
