using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Gemini.Http;

/// <summary>What the service or the way to it can answer.</summary>
public static class ServiceErrors
{
    internal const string TimedOutId = "Nb.Service.TimedOut";
    private const string RetryLater = "Try again later, use another model, or raise -MaximumRetryCount.";

    /// <summary>A base address that would send the key unencrypted.</summary>
    public static NbException InsecureUri(Uri uri) => Error(
        "Nb.Service.InsecureUri", NbErrorKind.InvalidArgument,
        $"'{uri.GetLeftPart(UriPartial.Authority)}' is not https: the key would be sent unencrypted.",
        "Use an https address. Plain http is accepted for this machine only (localhost, 127.0.0.1).", uri.Host);

    /// <summary>A base address that cannot be used.</summary>
    public static NbException InvalidUri(string why) => Error(
        "Nb.Service.InvalidUri", NbErrorKind.InvalidArgument, $"The service's address cannot be used: {why}",
        "Give an absolute https address without user name and query, such as https://generativelanguage.googleapis.com.");

    /// <summary>A key or token that cannot be put into a header.</summary>
    public static NbException UnusableKey() => Error(
        "Nb.Service.BadKey", NbErrorKind.AuthenticationError,
        "The API key is empty or holds characters that no key has (spaces, line breaks, accents).",
        "Copy it again from https://aistudio.google.com/apikey, then Connect-NbService -ApiKey (Read-Host -AsSecureString).");

    /// <summary>A model id that cannot be part of an address.</summary>
    public static NbException UnusableModel(string model) => Error(
        "Nb.Service.ModelNotFound", NbErrorKind.ObjectNotFound, $"'{model}' cannot be the id of a model.",
        "Get-NbModel lists the models this module knows, Get-NbModel -Available those of the service.", model);

    /// <summary>A function the chosen service does not have.</summary>
    public static NbException NotOnVertex(string what) => Error(
        "Nb.Service.NotOnVertex", NbErrorKind.InvalidArgument, $"Vertex AI does not offer the {what} of the Gemini API.",
        "Connect with an API key instead: Connect-NbService -ApiKey (Read-Host -AsSecureString).");

    /// <summary>No connection could be made, so nothing was billed.</summary>
    public static NbException NotConnected(string host, Exception inner) => new(
        "Nb.Service.NotConnected", NbErrorKind.ConnectionError, $"'{host}' cannot be reached: {Reason(inner)}",
        "Check the network, the proxy (HTTPS_PROXY) and -BaseUri. Nothing was sent or billed.", inner)
    {
        Target = host,
        IsRetryable = true,
    };

    /// <summary>The connection broke while the request was still being sent, so nothing was carried out.</summary>
    public static NbException NotSent(string host, Exception inner) => new(
        "Nb.Service.NotSent", NbErrorKind.ConnectionError,
        $"The connection to '{host}' broke before the request was sent completely: {Reason(inner)}",
        "Try again: an incomplete request is neither carried out nor billed.", inner)
    {
        Target = host,
        IsRetryable = true,
    };

    /// <summary>The connection broke after the request was sent.</summary>
    public static NbException ConnectionLost(string host, bool mayBeBilled, Exception inner) => new(
        "Nb.Service.ConnectionLost", NbErrorKind.ConnectionError,
        $"The connection to '{host}' was lost after the request was sent: {Reason(inner)}",
        mayBeBilled ? "The call may have been billed: check your usage before you send it again." : "Try again.", inner)
    {
        Target = host,
        IsUncertain = mayBeBilled,
        IsRetryable = !mayBeBilled,
    };

    /// <summary>No complete answer within the time limit of this client.</summary>
    public static NbException TimedOut(string host, TimeSpan limit, bool mayBeBilled, Exception? inner = null) => new(
        TimedOutId, NbErrorKind.OperationTimeout,
        $"'{host}' gave no complete answer within {Seconds(limit)}.",
        mayBeBilled
            ? "The call may have been billed: check your usage before you send it again. A longer -OperationTimeoutSeconds helps with 4K images."
            : "Try again, or allow more with -OperationTimeoutSeconds.", inner)
    {
        Target = host,
        IsUncertain = mayBeBilled,
        IsRetryable = !mayBeBilled,
    };

    /// <summary>An upload that the service did not take to its end.</summary>
    public static NbException UploadFailed(string why) => Error(
        "Nb.Service.UploadFailed", NbErrorKind.ResourceUnavailable, $"The upload did not succeed: {why}",
        "Start it again: uploads are free.");

    /// <summary>A wait that the service asks for and that is longer than retries may take.</summary>
    internal static NbException WaitTooLong(NbException e, TimeSpan asked, TimeSpan left) => new(
        e.ErrorId, e.Kind,
        $"{e.Message} The wait before the next try ({Seconds(asked)}) is longer than what is left for retries ({Seconds(left)}).",
        e.Advice, e.InnerException)
    {
        HttpStatus = e.HttpStatus,
        ServerStatus = e.ServerStatus,
        IsRetryable = e.IsRetryable,
        RetryAfter = e.RetryAfter,
        IsUncertain = e.IsUncertain,
        Target = e.Target,
    };

    /// <summary>An error answer of the service, as the one exception.</summary>
    internal static NbException From(ServiceError error)
    {
        (string id, NbErrorKind kind, string what, string advice, bool retryable) = Describe(error);
        string words = error.Message is { } message ? $"{what}: {message}" : what + ".";
        return new NbException(id, kind, words, advice)
        {
            HttpStatus = error.Status == 0 ? null : error.Status,
            ServerStatus = error.StatusName,
            IsRetryable = retryable,
            RetryAfter = error.RetryAfter,
            Target = error.Model,
        };
    }

    private static (string Id, NbErrorKind Kind, string What, string Advice, bool Retryable) Describe(ServiceError error)
    {
        if (error.Status == 401 || error.Reasons.Contains("API_KEY_INVALID") || Says("API key not valid", "API key expired"))
        {
            return ("Nb.Service.BadKey", NbErrorKind.AuthenticationError, "The service does not accept the key",
                "Make one at https://aistudio.google.com/apikey, then Connect-NbService -ApiKey (Read-Host -AsSecureString). "
                + "To try without a key: Connect-NbService -Offline.", false);
        }
        switch (error.Status)
        {
            case 429 when error.IsQuotaGone:
                return ("Nb.Service.QuotaExhausted", NbErrorKind.LimitsExceeded, "The quota is used up",
                    "A short wait does not help: wait until tomorrow, turn on billing, or use another model or project. "
                    + "Limits: https://ai.google.dev/gemini-api/docs/rate-limits.", false);
            case 429:
                string wait = error.RetryAfter is { } after ? $"Wait {Seconds(after)}, or" : "Wait a minute, or";
                return ("Nb.Service.RateLimited", NbErrorKind.LimitsExceeded, "Too many requests",
                    wait + " lower -ThrottleLimit, or raise -MaximumRetryCount.", true);
            case 400 when Says("thought_signature", "thoughtSignature", "thought signature"):
                return ("Nb.Service.SignatureRejected", NbErrorKind.InvalidArgument,
                    "The service does not accept the thought signatures of this conversation",
                    "They were lost, changed, or belong to another model. Start a new conversation from the picture with -Rebase.", false);
            case 400 when Says("Unknown name"):
                return ("Nb.Service.UnknownField", NbErrorKind.InvalidArgument, "The service does not know a field of the request",
                    "This service or version lacks the option: leave it out, or see whether the module has an update.", false);
            case 400 when Says("location is not supported"):
                return ("Nb.Service.LocationUnsupported", NbErrorKind.PermissionDenied,
                    "The service is not available where this machine is",
                    "See https://ai.google.dev/gemini-api/docs/available-regions, or use Vertex AI: Connect-NbService -Project -Location.", false);
            case 400:
                return ("Nb.Service.InvalidRequest", NbErrorKind.InvalidArgument, "The service rejected the request",
                    "Check size, ratio and other options against Get-NbModel; leave out what is not needed.", false);
            case 403:
                return ("Nb.Service.PermissionDenied", NbErrorKind.PermissionDenied, "The key may not do this",
                    "Check the key's restrictions, and that its project has the Generative Language API and billing.", false);
            case 404 when error.Model is not null:
                return ("Nb.Service.ModelNotFound", NbErrorKind.ObjectNotFound,
                    $"The service does not have the model '{error.Model}', or it cannot do this",
                    "Models are retired often: Get-NbModel -Available lists those that are offered now; choose one with -Model.", false);
            case 404:
                return ("Nb.Service.NotFound", NbErrorKind.ObjectNotFound, "The service does not have what was asked for",
                    "Check the name. Uploaded files are deleted after 48 hours.", false);
            case 408 or 504:
                return ("Nb.Service.Timeout", NbErrorKind.OperationTimeout, "The service took too long", RetryLater, true);
            case 413:
                return ("Nb.Service.RequestTooLarge", NbErrorKind.LimitsExceeded, "The request is too large",
                    "Give fewer or smaller references, or start a new conversation from the picture with -Rebase.", false);
            case 500 or 502 or 503:
                return ("Nb.Service.Unavailable", NbErrorKind.ResourceUnavailable,
                    "The service is overloaded or has a fault", RetryLater, true);
            case >= 300 and < 400:
                return ("Nb.Service.Redirected", NbErrorKind.ResourceUnavailable,
                    $"The answer is a redirect (HTTP {error.Status}), which is not followed, so that the key goes nowhere else",
                    "Check -BaseUri and the network: a captive portal or proxy may have answered.", false);
            case >= 500:
                return ("Nb.Service.Unexpected", NbErrorKind.ResourceUnavailable,
                    $"The service answered with HTTP {error.Status}", RetryLater, false);
            default:
                return ("Nb.Service.Unexpected", NbErrorKind.InvalidArgument,
                    error.Status == 0 ? "The service answered with an error" : $"The service answered with HTTP {error.Status}",
                    "See the message; -Debug shows the call in detail.", false);
        }

        bool Says(params ReadOnlySpan<string> phrases)
        {
            foreach (string phrase in phrases)
            {
                if (error.Message?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true) return true;
            }
            return false;
        }
    }

    private static string Seconds(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? FormattableString.Invariant($"{Math.Ceiling(time.TotalSeconds):0} s")
        : FormattableString.Invariant($"{Math.Ceiling(time.TotalMinutes):0} min");

    // As a sentence, whatever the system says.
    private static string Reason(Exception e) => e.GetBaseException().Message.TrimEnd('.') + ".";
}
