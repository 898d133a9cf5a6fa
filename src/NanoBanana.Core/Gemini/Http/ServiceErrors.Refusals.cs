using System.Text.RegularExpressions;
using NanoBanana.Models;

namespace NanoBanana.Gemini.Http;

public static partial class ServiceErrors
{
    internal const string GatewayFaultId = "Nb.Service.GatewayFault";

    private const string RetryLater = "Try again later, use another model, or {way:retryMore}.";

    private const string NewKey =
        "Make one at https://aistudio.google.com/apikey, then {way:connectWithKey}.";

    /// <summary>A fault on the way to the service, after the request was sent.</summary>
    /// <param name="host">The host.</param>
    /// <param name="error">What came back.</param>
    internal static NbException GatewayFault(string host, ServiceError error) => new(
        GatewayFaultId,
        error.Status is 408 or 499 or 504 or 524 ? NbErrorKind.OperationTimeout : NbErrorKind.ResourceUnavailable,
        (error.Status is 0 or 200 ? $"'{host}' answered with an error" : $"'{host}' answered with HTTP {error.Status}")
            + " after the request was sent, and not in the service's own words"
            + (error.Message is { } words ? $": {words}" : "."),
        "Something between here and the service (a gateway, a proxy, a load balancer) gave up waiting. The call may have been carried out and billed: "
            + "check your usage before you send it again. If it happens often, allow more time there, or connect without it.")
    {
        HttpStatus = error.Status == 0 ? null : error.Status,
        ServerStatus = error.StatusName,
        RetryAfter = error.RetryAfter,
        Target = error.Model,
        IsUncertain = true,
    };

    /// <summary>An error answer of the service, as the one exception.</summary>
    internal static NbException From(ServiceError error)
    {
        (string id, NbErrorKind kind, string what, string advice, bool retryable) = Account(error) ?? ByStatus(error);
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

    // Errors about the key, the project or billing, with any status.
    private static (string Id, NbErrorKind Kind, string What, string Advice,
        bool Retryable)? Account(ServiceError error)
    {
        string note = error.CredentialNote is { } said ? " " + said : "";
        if (error.Status >= 500 || Says(error, "location is not supported")) return null;
        if (Says(error, "reported as leaked", "key was leaked", "key has been leaked", "leaked API key"))
        {
            return ("Nb.Service.KeyLeaked", NbErrorKind.AuthenticationError,
                "The service has blocked the key because it was published somewhere",
                "It works no more. Delete it and find out where it stood in the open (a repository, a web page, a log). "
                    + NewKey + note, false);
        }
        if (error.Reasons.Contains("CONSUMER_SUSPENDED")
            || (error.Status is 403 or 400 or 401
            && Says(error, "has been suspended", "account is suspended", "project is suspended")))
        {
            return ("Nb.Service.ProjectSuspended", NbErrorKind.PermissionDenied,
                "The project of this key has been suspended",
                "A new key of the same project does not help. Read the mail to the project's owner and appeal in the Google Cloud console "
                + "(https://console.cloud.google.com), or use a key of another project." + note, false);
        }
        if (error.Status is 403 or 429 or 400 or 413 or 507
            && Says(error, "storage quota", "file_storage", "FileStorage", "storage limit"))
        {
            return ("Nb.Service.StorageFull", NbErrorKind.LimitsExceeded,
                "The files of this project take all the room there is (20 GB)",
                "Files go by themselves 48 hours after they were uploaded. Wait, delete some, or connect with {option:noUpload}, so that pictures go inside the requests.",
                    false);
        }
        if (error.Status == 402 || error.Reasons.Contains("BILLING_DISABLED") || Says(error,
            "prepaid credits", "prepayment credits", "spending cap", "enable billing", "billing to be enabled",
                "billing account", "billing is disabled", "delinquent"))
        {
            return ("Nb.Service.BillingStopped", NbErrorKind.PermissionDenied,
                "The project may spend nothing more, or has no billing",
                "Look at the project's billing at https://aistudio.google.com/billing: link an account, buy credits, or raise the spending cap. Waiting does not help."
                    + note, false);
        }
        if (error.Status == 401 && error.IsVertex)
        {
            return ("Nb.Service.BadKey", NbErrorKind.AuthenticationError,
                "The service does not accept the access token",
                "A token lives for an hour: {way:connectWithToken}, "
                + "or use credentials that are renewed: {way:connectWithCredentials}.", false);
        }
        if (error.Status == 401 || error.Reasons.Contains("API_KEY_INVALID")
            || Says(error, "API key not valid", "API key expired", "API_KEY_INVALID"))
        {
            return ("Nb.Service.BadKey", NbErrorKind.AuthenticationError, "The service does not accept the key",
                NewKey + " To try without a key: {way:connectOffline}." + note, false);
        }
        return null;
    }

    private static (string Id, NbErrorKind Kind, string What, string Advice,
        bool Retryable) ByStatus(ServiceError error)
    {
        switch (error.Status)
        {
            case 429 when error.IsQuotaGone:
                return ("Nb.Service.QuotaExhausted", NbErrorKind.LimitsExceeded, "The quota is used up",
                    "A short wait does not help: wait until tomorrow, turn on billing, or use another model or project. "
                    + "Limits: https://ai.google.dev/gemini-api/docs/rate-limits.", false);
            case 429:
                string wait = error.RetryAfter is { } after ? $"Wait {Seconds(after)}, or" : "Wait a minute, or";
                return ("Nb.Service.RateLimited", NbErrorKind.LimitsExceeded, "Too many requests",
                    wait + " lower {option:throttleLimit}, or {way:retryMore}.", true);
            case 400 when Says(error, "thought_signature", "thoughtSignature", "thought signature"):
                return ("Nb.Service.SignatureRejected", NbErrorKind.InvalidArgument,
                    "The service does not accept the thought signatures of this conversation",
                    "They were lost, changed, or belong to another model. Start a new conversation from the picture with {option:rebase}.",
                        false);
            case 400 when Says(error, "Unknown name"):
                return ("Nb.Service.UnknownField", NbErrorKind.InvalidArgument,
                    "The service does not know a field of the request",
                    "This service or version lacks the option: leave it out, or see whether the module has an update.",
                        false);
            case 400 when Says(error, "location is not supported"):
                return ("Nb.Service.LocationUnsupported", NbErrorKind.PermissionDenied,
                    "The service is not available where this machine is",
                    "See https://ai.google.dev/gemini-api/docs/available-regions, or use Vertex AI: {way:connectToLocation|<id>|<location>}.",
                        false);
            case 400 or 500
                when Says(error, "process input image", "process the input image", "input image is",
                "image is not valid", "decode image"):
                return ("Nb.Service.InputImageRejected", NbErrorKind.InvalidArgument,
                    "The service cannot read a picture that was sent along",
                    "Check that each reference opens in a viewer, is whole and is PNG, JPEG, WebP, HEIC or HEIF; "
                    + "save it again or smaller ({command:convert}), or leave it out to find out which one it is.",
                        false);
            case 400:
                return ("Nb.Service.InvalidRequest", NbErrorKind.InvalidArgument, "The service rejected the request",
                    "Check size, ratio and other options against {command:models}; leave out what is not needed.",
                        false);
            case 403:
                return ("Nb.Service.PermissionDenied", NbErrorKind.PermissionDenied, "The key may not do this",
                    "Check the key's restrictions, and that its project has the Generative Language API and billing.",
                        false);
            case 404 or 405 when !error.IsOwn && IsFromElsewhere(error):
                return ("Nb.Service.WrongAddress", NbErrorKind.ObjectNotFound,
                    $"There is no such service at this address: what answered with HTTP {error.Status} is not the Gemini API",
                    "Check {option:baseUri}: the part before the version, such as https://example.org or https://example.org/gemini; a gateway may also lack this function.",
                        false);
            case 404 when error.Model is not null:
                return ("Nb.Service.ModelNotFound", NbErrorKind.ObjectNotFound,
                    $"The service does not have the model '{error.Model}', or it cannot do this",
                    error.IsVertex
                        ? "On Vertex AI many models are served at one location only: {way:connectToLocation|<id>|global}. "
                            + "{command:availableModels} lists those that are offered."
                        : $"{NearTo(error.Model)}Models are retired often: {{command:availableModels}} lists those that are offered now; choose one with {{option:model}}.",
                            false);
            case 404:
                return ("Nb.Service.NotFound", NbErrorKind.ObjectNotFound,
                    "The service does not have what was asked for",
                    "Check the name. Uploaded files are deleted after 48 hours.", false);
            case 407:
                NbException proxy = ProxyRefused("the service");
                return (proxy.ErrorId, proxy.Kind, proxy.Message.TrimEnd('.'), proxy.Advice, false);
            case 408 or 504:
                return ("Nb.Service.Timeout", NbErrorKind.OperationTimeout, "The service took too long", RetryLater,
                    true);
            case 413 or 414 or 431:
                return ("Nb.Service.RequestTooLarge", NbErrorKind.LimitsExceeded, "The request is too large",
                    "Give fewer or smaller references, or start a new conversation from the picture with {option:rebase}.",
                        false);
            case 500 or 502 or 503:
                return ("Nb.Service.Unavailable", NbErrorKind.ResourceUnavailable,
                    "The service is overloaded or has a fault", RetryLater, true);
            case >= 300 and < 400:
                return ("Nb.Service.Redirected", NbErrorKind.ResourceUnavailable,
                    $"The answer is a redirect (HTTP {error.Status}), which is not followed, so that the key goes nowhere else",
                    "Check {option:baseUri} and the network: a captive portal or proxy may have answered.", false);
            case >= 500:
                return ("Nb.Service.Unexpected", NbErrorKind.ResourceUnavailable,
                    $"The service answered with HTTP {error.Status}", RetryLater, false);
            default:
                return ("Nb.Service.Unexpected", NbErrorKind.InvalidArgument,
                    error.Status == 0 ? "The service answered with an error"
                        : $"The service answered with HTTP {error.Status}",
                    "See the message, and {way:callDetails} for the whole call.", false);
        }
    }

    private static string NearTo(string model) =>
        ModelCatalog.BuiltIn.Find(model) is null && ModelCatalog.BuiltIn.NearestTo(model) is { } near
            ? $"Did you mean {near}? " : "";

    private static bool IsFromElsewhere(ServiceError error) => error.Shape is ErrorShape.Html or ErrorShape.Text
        || (error.Message is { } words ? NoRoute().IsMatch(words) : error.Shape == ErrorShape.Empty);

    // How web servers and routers say that they have no such path.
    [GeneratedRegex(
        @"^(?:404[:\s]*)?(?:(?:page|resource|route|endpoint|url|path) )?not found\.?$|cannot (?:post|get) /|no route|(?:unknown|invalid) (?:url|path|route)",
        RegexOptions.IgnoreCase)]
    private static partial Regex NoRoute();

    private static bool Says(ServiceError error, params ReadOnlySpan<string> phrases)
    {
        foreach (string phrase in phrases)
        {
            if (error.Message?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true) return true;
        }
        return false;
    }
}
