using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Http;

/// <summary>Checks credentials: API keys, bearer tokens, and the token of a server that other machines can
/// reach.</summary>
internal static class KeyCheck
{
    public const string TokenHeader = "X-Emulator-Token";

    public static void Check(EmulatorRequest request, bool isVertex, EmulatorOptions options)
    {
        string? key = Given(request);
        string? bearer = Bearer(request);
        if (request.NeedsToken)
        {
            CheckToken(request, key, bearer, options);
            return;
        }

        if (isVertex)
        {
            if (bearer is null && key is null) throw Unauthenticated();
            return;
        }

        if (key is null)
        {
            if (bearer is not null) return;
            throw new ServiceException(403, "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established identity). "
                + "Please use API Key or other form of API consumer identity to call this API.");
        }

        if (options.ApiKey is not null && key != options.ApiKey) throw InvalidKey();
    }

    /// <summary>The API key of a request.</summary>
    public static string? Given(EmulatorRequest request) =>
        Given(request.Header("x-goog-api-key")) ?? Given(request.Query.GetValueOrDefault("key"));

    /// <summary>The owner of a request: every key is its own project. Bearer tokens change hourly, so all share
    /// one.</summary>
    public static string Owner(EmulatorRequest request) =>
        Given(request) is { } key ? Sha256Hex.Of(Encoding.UTF8.GetBytes(key)) : "";

    /// <summary>The control endpoint needs no key on loopback.</summary>
    public static void CheckControl(EmulatorRequest request, EmulatorOptions options)
    {
        if (request.NeedsToken) CheckToken(request, Given(request.Header("x-goog-api-key")), Bearer(request), options);
    }

    private static void CheckToken(EmulatorRequest request, string? key, string? bearer, EmulatorOptions options)
    {
        string? token = Given(request.Header(TokenHeader)) ?? bearer ?? key;
        bool isRight = token is not null && options.RequiredToken is not null
            && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(options.RequiredToken));
        if (!isRight) throw Unauthenticated();
    }

    private static string? Bearer(EmulatorRequest request) =>
        request.Header("Authorization") is { } header
            && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? Given(header["Bearer ".Length..].Trim())
            : null;

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static ServiceException InvalidKey() => ServiceException.InvalidArgument(
        "API key not valid. Please pass a valid API key.",
        ServiceException.Detail("ErrorInfo",
            new KeyValuePair<string, object?>("reason", "API_KEY_INVALID"),
            new KeyValuePair<string, object?>("domain", "googleapis.com"),
            new KeyValuePair<string, object?>("metadata",
                new WireObject { { "service", "generativelanguage.googleapis.com" } })),
        ServiceException.Detail("LocalizedMessage",
            new KeyValuePair<string, object?>("locale", "en-US"),
            new KeyValuePair<string, object?>("message", "API key not valid. Please pass a valid API key.")));

    private static ServiceException Unauthenticated() => new(401, "UNAUTHENTICATED",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid "
        + "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.");
}
