using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Checks requests: host name, origin, token, and rate.</summary>
/// <param name="clients">The clients with a token; empty when none is needed.</param>
/// <param name="isLoopback">Whether only this machine can reach the server.</param>
/// <param name="origins">Allowed origins of pages.</param>
/// <param name="hosts">Allowed host names beside localhost.</param>
internal sealed class WebAccess(
    IReadOnlyList<WebClient> clients, bool isLoopback, IReadOnlyList<string> origins, IReadOnlyList<string> hosts)
{
    /// <summary>The clients with a token.</summary>
    public IReadOnlyList<WebClient> Clients => clients;

    /// <summary>The client of a request; null when no token is needed.</summary>
    public static WebClient? ClientOf(HttpContext context) => context.Items[typeof(WebClient)] as WebClient;

    /// <summary>Refuses requests that are not allowed.</summary>
    public void Guard(IApplicationBuilder app) => app.Use((context, next) => Refusal(context) is { } refusal
        ? refusal(context.Response) : next(context));

    private Func<HttpResponse, Task>? Refusal(HttpContext context)
    {
        HttpRequest request = context.Request;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        // Other pages must not display the pictures either; such requests have no Origin header.
        if (origins.Count == 0) context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // A foreign name that resolves to this machine (DNS rebinding) is refused.
        if (isLoopback && !IsOwnName(request.Host.Host))
        {
            return Refuse(StatusCodes.Status421MisdirectedRequest, "Nb.Server.WrongHost",
                "This server has another host name.", "Ask for localhost, or start it with --host-name.");
        }
        string? origin = request.Headers.Origin;
        if (origin is not null && origin != $"{request.Scheme}://{request.Host}")
        {
            if (!origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            {
                return Refuse(StatusCodes.Status403Forbidden, "Nb.Server.WrongOrigin",
                    "Pages of that origin may not send requests.", "Start the server with --allow-origin.");
            }
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlExposeHeaders = "Retry-After, Mcp-Session-Id";
            context.Response.Headers.Vary = "Origin";
            if (HttpMethods.IsOptions(request.Method)) return Preflight;
        }
        if (clients.Count == 0) return null;
        WebClient? client = TokenOf(request) is { } token ? Find(token) : null;
        if (client is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(StatusCodes.Status401Unauthorized, "Nb.Server.TokenRefused",
                "The token is missing or wrong.", "Send it as 'Authorization: Bearer <token>'.");
        }
        TimeSpan wait = client.WaitOrCount(TimeProvider.System);
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter =
                Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Refuse(StatusCodes.Status429TooManyRequests, "Nb.Server.TooManyRequests",
                "Too many requests within a minute.", "Wait as long as Retry-After says.");
        }
        context.Items[typeof(WebClient)] = client;
        return null;
    }

    // IP addresses cannot be redirected by DNS.
    private bool IsOwnName(string name) => name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || hosts.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));

    // All tokens are compared, so that the time does not reveal a partial match.
    private WebClient? Find(string token)
    {
        WebClient? found = null;
        foreach (WebClient client in clients)
        {
            if (client.Has(token)) found = client;
        }
        return found;
    }

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header
            && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private static Task Preflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = "GET, POST, DELETE";
        response.Headers.AccessControlAllowHeaders =
            "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, Mcp-Protocol-Version";
        response.Headers.AccessControlMaxAge = "600";
        return Task.CompletedTask;
    }

    private static Func<HttpResponse, Task> Refuse(int status, string id, string message, string advice) =>
        response => response.WriteErrorAsync(status, id, message, advice);
}
