using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Gemini.Http;

/// <summary>Errors of the service and of the connection to it.</summary>
public static partial class ServiceErrors
{
    internal const string TimedOutId = "Nb.Service.TimedOut";

    /// <summary>A base address that would send the key unencrypted.</summary>
    internal static NbException InsecureUri(Uri uri) => Error(
        "Nb.Service.InsecureUri", NbErrorKind.InvalidArgument,
        $"'{uri.GetLeftPart(UriPartial.Authority)}' is not https: the key would be sent unencrypted.",
        "Use an https address. Plain http is accepted for this machine only (localhost, 127.0.0.1).", uri.Host);

    /// <summary>A base address that cannot be used.</summary>
    internal static NbException InvalidUri(string why) => Error(
        "Nb.Service.InvalidUri", NbErrorKind.InvalidArgument, $"The service's address cannot be used: {why}",
        "Give an absolute https address without user name and query, such as https://generativelanguage.googleapis.com.");

    /// <summary>A key or token that cannot be put into a header.</summary>
    internal static NbException UnusableKey() => Error(
        "Nb.Service.BadKey", NbErrorKind.AuthenticationError,
        "The API key is empty or holds characters that no key has (spaces, line breaks, accents).",
        "Copy it again from https://aistudio.google.com/apikey, then {way:connectWithKey}.");

    /// <summary>A model id that cannot be part of an address.</summary>
    internal static NbException UnusableModel(string model) => Error(
        "Nb.Service.ModelNotFound", NbErrorKind.ObjectNotFound, $"'{model}' cannot be the id of a model.",
        "{command:models} lists the models this module knows, {command:availableModels} those of the service.", model);

    /// <summary>A function the chosen service does not have.</summary>
    internal static NbException NotOnVertex(string what) => Error(
        "Nb.Service.NotOnVertex", NbErrorKind.InvalidArgument,
            $"Vertex AI does not offer the {what} of the Gemini API.",
        "Use an API key instead: {way:connectWithKey}.");

    /// <summary>No connection could be made, so nothing was billed.</summary>
    public static NbException NotConnected(string host, Exception inner) => new(
        "Nb.Service.NotConnected", NbErrorKind.ConnectionError, $"'{host}' cannot be reached: {Reason(inner)}",
        "Check the network, the proxy (HTTPS_PROXY) and {option:baseUri}. Nothing was sent or billed.", inner)
    {
        Target = host,
        IsRetryable = true,
    };

    /// <summary>A certificate that this machine does not trust, so nothing was sent.</summary>
    internal static NbException CertificateRefused(string host, Exception inner) => new(
        "Nb.Service.CertificateRefused", NbErrorKind.ConnectionError,
        $"This machine does not trust the certificate that came for '{host}': {Reason(inner)}",
        "A proxy or virus scanner that inspects TLS shows certificates of its own: add its root certificate to the certificate store of this machine "
        + "(Windows: certmgr.msc; macOS: Keychain Access; Linux: update-ca-certificates, or SSL_CERT_FILE=<file with the certificates>). "
        + "Check the clock too. Nothing was sent or billed.", inner) { Target = host };

    /// <summary>A proxy that wants a name and a password first, so nothing was sent.</summary>
    internal static NbException ProxyRefused(string host, Exception? inner = null) => new(
        "Nb.Service.ProxyRefused", NbErrorKind.ConnectionError,
        $"The proxy between here and '{host}' asks for a name and a password (HTTP 407).",
        "Put them into the proxy's address, with special characters escaped: HTTPS_PROXY=http://<name>:<password>@<host>:<port>; "
        + "or name hosts that need no proxy in NO_PROXY. Nothing was sent or billed.", inner)
    {
        Target = host,
        HttpStatus = 407,
    };

    /// <summary>The connection broke while the request was still being sent, so nothing was carried out.</summary>
    internal static NbException NotSent(string host, Exception inner) => new(
        "Nb.Service.NotSent", NbErrorKind.ConnectionError,
        $"The connection to '{host}' broke before the request was sent completely: {Reason(inner)}",
        "Try again: an incomplete request is neither carried out nor billed.", inner)
    {
        Target = host,
        IsRetryable = true,
    };

    /// <summary>The connection broke after the request was sent.</summary>
    internal static NbException ConnectionLost(string host, bool mayBeBilled, Exception inner) => new(
        "Nb.Service.ConnectionLost", NbErrorKind.ConnectionError,
        $"The connection to '{host}' was lost after the request was sent: {Reason(inner)}",
        mayBeBilled ? "The call may have been billed: check your usage before you send it again." : "Try again.", inner)
    {
        Target = host,
        IsUncertain = mayBeBilled,
        IsRetryable = !mayBeBilled,
    };

    /// <summary>No complete answer within the time limit of this client.</summary>
    internal static NbException TimedOut(string host, TimeSpan limit, bool mayBeBilled, Exception? inner = null) => new(
        TimedOutId, NbErrorKind.OperationTimeout,
        $"'{host}' gave no complete answer within {Seconds(limit)}.",
        mayBeBilled
            ? "The call may have been billed: check your usage before you send it again. 4K images need more time: {way:allowMoreTime}."
            : "Try again, or {way:allowMoreTime}.", inner)
    {
        Target = host,
        IsUncertain = mayBeBilled,
        IsRetryable = !mayBeBilled,
    };

    /// <summary>An upload that the service did not complete.</summary>
    internal static NbException UploadFailed(string why) => Error(
        "Nb.Service.UploadFailed", NbErrorKind.ResourceUnavailable, $"The upload did not succeed: {why}",
        "Start it again: uploads are free.");

    /// <summary>An uploaded file that cannot be used.</summary>
    /// <param name="name">Its name at the service.</param>
    /// <param name="why">As a sentence.</param>
    internal static NbException FileRejected(string name, string why) => Error(
        "Nb.Service.FileRejected", NbErrorKind.InvalidResult, $"The uploaded file {name} cannot be used: {why}",
        "Check that the picture opens in a viewer; save it again ({command:convert}), or connect with {option:noUpload}, so that it goes inside the request.",
            name);

    /// <summary>An uploaded file that the service has been processing for too long.</summary>
    internal static NbException FileNotReady(string name, TimeSpan waited) => Error(
        "Nb.Service.FileNotReady", NbErrorKind.OperationTimeout,
        $"The uploaded file {name} is still being processed after {Readable.Duration(waited)}.",
        "Try again later. A long video takes its time: a shorter or smaller one is ready sooner.", name);

    /// <summary>An upload over a connection with uploads turned off.</summary>
    internal static NbException UploadsOff() => Error(
        "Nb.Service.UploadsOff", NbErrorKind.InvalidArgument,
            "This connection uploads nothing, and a job consists of an uploaded file.",
        "Use {way:liveMode}, or connect without {option:noUpload}.");

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

    private static string Seconds(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? FormattableString.Invariant($"{Math.Ceiling(time.TotalSeconds):0} s")
        : FormattableString.Invariant($"{Math.Ceiling(time.TotalMinutes):0} min");

    // Makes the system's message a sentence.
    private static string Reason(Exception e) => e.GetBaseException().Message.TrimEnd('.') + ".";
}
